import { randomOf } from './random.ts';

/**
 * A fault of an origin or of the way to it.
 *
 * - `'lose-request'`: the request never arrives; `fetch` rejects.
 * - `'lose-answer'`: the request is served, and its answer is lost; `fetch` rejects.
 * - `'reset'`: the request is served, and the connection breaks off in the body of its answer.
 * - `'slow'`: the request is served, and its answer takes `delay`.
 * - `'stale-read'`: a read shows the state before the last change, as a replica that lags behind does.
 * - `'edit'`: another writer saves just before; see `rival` of the origin.
 * - `'delete'`: another writer deletes just before.
 * - `'weak-tag'`, `'gzip-tag'`, `'no-tag'`: a proxy weakens the `ETag` of the answer (`W/"v1"`), appends to it
 *   (`"v1-gzip"`), or drops it.
 * - `'hidden-tag'`: the answer comes from another origin that doesn't expose its `ETag` to the page (CORS).
 * - A status, such as 408, 500 or 503: the request isn't served. 429 and 503 come with `Retry-After: 1`.
 */
type Fault =
  | 'lose-request'
  | 'lose-answer'
  | 'reset'
  | 'slow'
  | 'stale-read'
  | 'edit'
  | 'delete'
  | 'weak-tag'
  | 'gzip-tag'
  | 'no-tag'
  | 'hidden-tag'
  | 408
  | 429
  | 500
  | 502
  | 503
  | 504;

/** Faults that a seed chooses. */
export interface SeededFaults {
  /** The number that replays the faults. */
  readonly seed: number;
  /** The share of the requests that meet a fault, from 0 to 1. Default: 0.2. */
  readonly rate?: number;
  /** The faults to choose from. Default: lost requests and answers, a broken body, 429, 503, and another writer's edit. */
  readonly kinds?: readonly Fault[];
}

/** A fault, or a function that answers the request itself; the request is served where it returns `undefined`. */
export type Step = Fault | ((request: Request) => Response | undefined | Promise<Response | undefined>);

const usual: readonly Fault[] = ['lose-request', 'lose-answer', 'reset', 429, 503, 'edit'];

/** Which request meets which fault: those of a script first, in their order, then those of a seed. */
export class FaultPlan {
  readonly #script: { readonly method: string; readonly step: Step }[] = [];
  readonly #seeded: SeededFaults | undefined;
  readonly #random: () => number;

  constructor(seeded: SeededFaults | undefined) {
    this.#seeded = seeded;
    this.#random = randomOf(seeded?.seed ?? 0);
  }

  add(method: string, step: Step): void {
    this.#script.push({ method: method.toUpperCase(), step });
  }

  take(method: string): Step | undefined {
    const index = this.#script.findIndex((entry) => entry.method === method || entry.method === '*');
    if (index >= 0) return this.#script.splice(index, 1)[0]?.step;
    if (!this.#seeded) return undefined;
    const { rate = 0.2, kinds = usual } = this.#seeded;
    return this.#random() < rate ? kinds[Math.floor(this.#random() * kinds.length)] : undefined;
  }
}

/** Changes the tag of an answer as proxies do. */
export function withTag(response: Response, fault: Step | undefined): Response {
  const tag = response.headers.get('etag');
  if (tag === null) return response;
  if (fault === 'weak-tag' && !tag.startsWith('W/')) response.headers.set('etag', `W/${tag}`);
  else if (fault === 'gzip-tag') response.headers.set('etag', tag.replace(/"$/, '-gzip"'));
  else if (fault === 'no-tag') response.headers.delete('etag');
  else if (fault === 'hidden-tag') {
    response.headers.delete('etag');
    Object.defineProperty(response, 'type', { value: 'cors' });
  }
  return response;
}

/** An answer whose connection breaks off in its body. */
export async function brokenOff(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length === 0) throw networkError();
  const { status, headers } = response;
  let isBegun = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isBegun) controller.error(networkError());
      else controller.enqueue(bytes.slice(0, Math.ceil(bytes.length / 2)));
      isBegun = true;
    },
  });
  return new Response(body, { status, headers });
}

/** The error by which `fetch` tells that the network failed (Fetch §5.6). */
export function networkError(): TypeError {
  return new TypeError('fetch failed');
}

/** The answer of a server or a gateway that doesn't serve a request. */
export function unserved(status: number): Response {
  const headers = status === 429 || status === 503 ? { 'retry-after': '1' } : undefined;
  return new Response('The request was not served.', { status, ...(headers && { headers }) });
}
