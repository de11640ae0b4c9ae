import { serve } from './network.ts';

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
}

/** A server that gives these answers, in order. */
export function script(...answers: readonly Response[]): Script {
  const left = [...answers];
  const sent: Sent[] = [];
  const log: string[] = [];
  serve(async (request) => {
    const { pathname, search } = new URL(request.url);
    const text = await request.text();
    const response = left.shift();
    const { method, headers } = request;
    sent.push({ method, path: pathname + search, headers, text, body: parsed(text) });
    log.push(`${method} ${pathname}${search} ${response ? String(response.status) : 'unexpected'}`);
    return response ?? Response.error();
  });
  return { sent, log };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
