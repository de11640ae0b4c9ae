/** A request as it arrived, its body read. */
export interface Arrived {
  readonly method: string;
  readonly url: URL;
  /** The path under the root of the origin. */
  readonly path: string;
  readonly headers: Headers;
  /** The media type of the body. */
  readonly type: string;
  /** The body, parsed where it is JSON; `undefined` where it is empty, or called JSON and is none. */
  readonly body: unknown;
}

/** Reads a request. What is asked for then happens in one step, as nothing waits for its body any more. */
export async function arrivedFrom(request: Request, root: string): Promise<Arrived> {
  const { method, headers } = request;
  const url = new URL(request.url);
  const path = decodeURI(
    url.pathname.startsWith(root) ? url.pathname.slice(root.length) : url.pathname.slice(1),
  );
  const type = headers.get('content-type') ?? '';
  // A copy is read, so that a test can read the body of the request, too.
  return { method, url, path, headers, type, body: bodyFrom(await request.clone().text(), type) };
}

function bodyFrom(text: string, type: string): unknown {
  if (text === '') return undefined;
  const isJson = type.includes('json');
  try {
    const value: unknown = JSON.parse(text);
    // fetch calls text without a type plain. Plain text that is a number or a word of JSON is taken for text.
    return isJson || (typeof value === 'object' && value !== null) ? value : text;
  } catch {
    return isJson ? undefined : text;
  }
}
