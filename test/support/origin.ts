import { applyMergePatch } from 'remerge/merge';

/** What a handler may do with a request before the origin's own rules apply: answer it, or let it pass. */
export type Handler = (request: Request) => Response | undefined | Promise<Response | undefined>;

interface State {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly number: number;
}

/**
 * A server in this process: one resource at any URL, with a version that counts. It compares and sets by `If-Match`,
 * creates by `If-None-Match: *`, answers 412, and writes a log of what it was asked and what it said. A merge patch is
 * applied, a DELETE deletes; any other body is the new state.
 */
export class Origin {
  readonly log: string[] = [];
  readonly requests: Request[] = [];
  /** What it says to a write under a version when there is nothing: 404, 410 or 412. */
  missing = 404;
  /** Whether a write without a version is taken, too. */
  isLenient = false;
  readonly #queue: { readonly method: string; readonly handle: Handler }[] = [];
  #state: State | undefined;
  #versions = 0;

  /** @param body What is stored at first; `undefined` for nothing. */
  constructor(body: unknown, type = 'application/json') {
    if (body !== undefined) this.change(body, type);
  }

  /** Stands in for `fetch`. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    // Node's Request says nothing of `cache` and the like to a server; the test wants to see them.
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    this.requests.push(request);
    const response = await this.#answer(request);
    request.signal.throwIfAborted();
    this.log.push(
      `${request.method} ${String(response.status)} ${this.#shownFor(request, response)}`.trimEnd(),
    );
    return response;
  };

  /** The value that is stored now, parsed where it is JSON. */
  get value(): unknown {
    const body = this.#state?.body;
    return typeof body === 'string' && this.#state?.type.includes('json')
      ? (JSON.parse(body) as unknown)
      : body;
  }

  /** The body that is stored now, as it came. */
  get raw(): unknown {
    return this.#state?.body;
  }

  get tag(): string {
    return this.#state ? `"v${String(this.#state.number)}"` : '';
  }

  /** Somebody else writes. */
  change(body: unknown, type = this.#state?.type ?? 'application/json'): void {
    this.#state = { body: encode(body), type, number: (this.#versions += 1) };
  }

  /** Somebody else deletes. */
  remove(): void {
    this.#state = undefined;
  }

  /** Handles the next request of a method. Handlers of one method are used up in order. */
  once(method: string, handle: Handler): this {
    this.#queue.push({ method, handle });
    return this;
  }

  /** Somebody else writes just before the next PUT arrives. */
  overtake(body: unknown): this {
    return this.once('PUT', () => {
      this.change(body);
      return undefined;
    });
  }

  /**
   * Loses the answer to the next request of a method. A gateway gives one of its own instead, or nobody does.
   *
   * @param when Before the request is served, or after.
   * @param how The gateway's status, or what `fetch` rejects with.
   */
  lose(method: string, when: 'before' | 'after', how: number | Error = new TypeError('fetch failed')): this {
    return this.once(method, async (request) => {
      const served = when === 'after' ? await this.#serve(request) : undefined;
      if (typeof how === 'number') return new Response('No answer in time', { status: how });
      const version = request.headers.get('if-match') ?? request.headers.get('if-none-match') ?? '';
      this.log.push(`${method} ${served ? `${String(served.status)}, ` : ''}lost ${version}`.trimEnd());
      throw how;
    });
  }

  async #answer(request: Request): Promise<Response> {
    const index = this.#queue.findIndex(({ method }) => method === request.method);
    const handled = index < 0 ? undefined : await this.#queue.splice(index, 1)[0]?.handle(request);
    return handled ?? this.#serve(request);
  }

  async #serve(request: Request): Promise<Response> {
    if (request.headers.get('if-none-match') === '*') return this.#create(request);
    if (!this.#state)
      return new Response('Not here', { status: request.headers.has('if-match') ? this.missing : 404 });
    const { body, type } = this.#state;
    if (request.method === 'GET')
      return new Response(body, { headers: { etag: this.tag, 'content-type': type } });
    // A copy, as the test may want to read it. First, so that nothing comes between the comparison and the change.
    const sent = new Uint8Array(await request.clone().arrayBuffer());
    const version = request.headers.get('if-match');
    const isFree = this.isLenient && version === null;
    if (!isFree && version !== this.tag) return new Response('It has moved on', { status: 412 });
    if (request.method === 'DELETE') {
      this.remove();
      return new Response(null, { status: 204 });
    }
    const text = new TextDecoder().decode(sent);
    const isPatch = request.headers.get('content-type') === 'application/merge-patch+json';
    if (isPatch) this.change(applyMergePatch(this.value, JSON.parse(text)));
    else this.change(typeof body === 'string' ? text : sent);
    return new Response(null, { status: 204, headers: { etag: this.tag } });
  }

  async #create(request: Request): Promise<Response> {
    if (this.#state) return new Response('It exists already', { status: 412 });
    this.change(await request.clone().text(), request.headers.get('content-type') ?? 'application/json');
    return new Response(null, { status: 201, headers: { etag: this.tag } });
  }

  #shownFor({ method, headers }: Request, response: Response): string {
    const shown = method === 'GET' ? response.headers.get('etag') : headers.get('if-match');
    return shown ?? headers.get('if-none-match') ?? '';
  }
}

function encode(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body);
}
