/** A request as it came. */
interface Sent {
  readonly method: string;
  /** Its path and query. */
  readonly path: string;
  readonly headers: Headers;
  readonly text: string;
  /** Its body as JSON; `undefined` for what is none. */
  readonly body: unknown;
}

export interface Script {
  readonly sent: readonly Sent[];
  readonly log: readonly string[];
  readonly fetch: typeof fetch;
}

/** A server that gives these answers, in order. */
export function script(...answers: readonly Response[]): Script {
  const left = [...answers];
  const sent: Sent[] = [];
  const log: string[] = [];
  return {
    sent,
    log,
    async fetch(input, init) {
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      const text = await request.text();
      const response = left.shift();
      if (!response) throw new Error(`Nobody expected ${request.method} ${pathname}${search}.`);
      const { method, headers } = request;
      sent.push({ method, path: pathname + search, headers, text, body: parsed(text) });
      log.push(`${method} ${pathname}${search} ${String(response.status)}`);
      return response;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
