import type { Call, Reply } from './model-server.ts';

/** A server at the other end. */
export interface Receiver {
  /**
   * Takes a request.
   *
   * @param work How long it works on a write before it looks at it.
   * @param lag How old the state is that a read gets.
   */
  receive(call: Call, work: number, lag: number, answer: (reply: Reply) => void): void;
  /** What it has now, for a trace. */
  readonly newest: { readonly number: number };
}

/** A request as the server will see it. */
export async function callOf(input: string | URL | Request, init: RequestInit | undefined): Promise<Call> {
  const request = input instanceof Request ? input : undefined;
  return {
    method: init?.method ?? request?.method ?? 'GET',
    url: input instanceof Request ? input.url : input.toString(),
    headers: new Headers(init?.headers ?? request?.headers),
    body: await textOf(init?.body ?? undefined, request),
    redirect: init?.redirect ?? request?.redirect,
  };
}

async function textOf(body: BodyInit | undefined, request: Request | undefined): Promise<string> {
  if (typeof body === 'string') return body;
  return body === undefined && request ? request.text() : new Response(body).text();
}

/** What a client gets of an answer. One that is torn breaks off in the middle of its body. */
export function responseOf({ status, headers, body }: Reply, isTorn: boolean): Response {
  if (body === undefined || !isTorn) return new Response(body ?? null, { status, headers });
  let isBegun = false;
  const half = new ReadableStream({
    pull(controller) {
      if (isBegun) controller.error(new TypeError('terminated'));
      else controller.enqueue(new TextEncoder().encode(body.slice(0, body.length / 2)));
      isBegun = true;
    },
  });
  return new Response(half, { status, headers });
}

/** A request in a line. */
export function describe({ method, url, headers, body }: Call): string {
  const shown = ['authorization', 'x-user', 'if-match', 'idempotency-key', 'x-last-write']
    .map((name) => headers.get(name))
    .filter(Boolean);
  return [method, new URL(url, 'https://api.test').pathname, ...shown, body].join(' ').trimEnd();
}
