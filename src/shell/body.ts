/** A body that can be sent again, as a value. */
export interface BodySnapshot {
  readonly content: string | Uint8Array<ArrayBuffer> | Blob;
  /** The content type that `fetch` gives such a body by itself, where the caller names none. */
  readonly type: string | undefined;
}

/**
 * Keeps the body that a caller sends, as a value. A body that the caller could still change is copied. Returns `undefined`
 * for a body that can be sent only once (a stream), that is no text and no bytes (`FormData`), or that is missing.
 */
export function snapshotBody(body: RequestInit['body']): BodySnapshot | undefined {
  if (typeof body === 'string') return { content: body, type: 'text/plain;charset=UTF-8' };
  if (body instanceof URLSearchParams)
    return { content: String(body), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  if (body instanceof Blob) return { content: body, type: body.type || undefined };
  if (body instanceof ArrayBuffer) return { content: new Uint8Array(body.slice(0)), type: undefined };
  if (ArrayBuffer.isView(body)) {
    return {
      content: new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice(),
      type: undefined,
    };
  }
  return undefined;
}

/** Whether a body may outlive its page (Fetch §4.6). */
export function mayOutlive(content: BodySnapshot['content']): boolean {
  return new Blob([content]).size <= 65_536;
}

/** Whether a body is a stream. A runtime may have no streams, and no name for them. */
export function isStream(body: unknown): body is ReadableStream {
  return 'getReader' in Object(body);
}

/**
 * Reads a whole body. As soon as the body is longer than the cap, cancels it and returns `undefined`.
 *
 * @param signal Cancels the body, too: a body that no caller waits for holds a connection.
 */
export async function readCapped(
  message: Response | Request,
  cap: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { body } = message as { readonly body?: ReadableStream<Uint8Array<ArrayBuffer>> | null };
  // Firefox shows no body of a Request.
  const reader = (body === undefined ? new Response(await message.blob()).body : body)?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  // Cancels the rest of the body. A failure of that changes nothing.
  const letGo = (): void => void reader?.cancel().catch(() => undefined);
  signal?.addEventListener('abort', letGo);
  if (signal?.aborted) letGo();
  try {
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      size += read.value.byteLength;
      if (size > cap) {
        letGo();
        return undefined;
      }
      chunks.push(read.value);
    }
  } finally {
    signal?.removeEventListener('abort', letGo);
  }
  // A cancelled body looks as if it had ended.
  signal?.throwIfAborted();
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** Decodes UTF-8. Throws a TypeError for bytes that are no UTF-8: a guess would be written back. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Cancels the body of a response that no caller will read, so that its connection is free again. */
export function discard({ body }: Response): void {
  letGo(body);
}

/** Cancels a stream. A stream that is locked or broken is left as it is. */
export function letGo(stream: ReadableStream | null | undefined, reason?: unknown): void {
  void stream?.cancel(reason).catch(() => undefined);
}
