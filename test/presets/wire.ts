import type { Server } from 'remerge/presets';
import { serve } from './network.ts';

/** What the tests edit, on every server alike. */
export interface Note {
  readonly title: string;
  readonly body: string;
}

export type Document = Readonly<Record<string, unknown>>;

/** What a server of one kind says on the wire, as its documentation has it. */
export interface Wire {
  readonly family: string;
  /** The page that the shape is taken from. */
  readonly documented: string;
  readonly preset: Server;
  /** The path of the resource; it is the route's, too. */
  readonly path: string;
  /** The member of the document that holds the note. Default: the document itself. */
  readonly inside?: string;
  readonly method?: 'PUT' | 'POST';
  /** The version after so many writes, as the server spells it. */
  readonly version: (count: number) => string;
  /** What the server adds to a note where it shows it. */
  readonly frame: (version: string) => Document;
  /** The document in what a read shows. Default: what it shows. */
  readonly wrap?: (document: Document, version: string) => Document;
  /** The headers of a read. */
  readonly headers?: (version: string) => Record<string, string>;
  /** The version that a write names, where this server looks for it. */
  readonly named: (request: Request, body: Document) => unknown;
  /** The same for a delete; `undefined` where the server has none. Default: as for a write. */
  readonly deleted?: ((request: Request, body: Document) => unknown) | 'never';
  /** The answer to a good write. */
  readonly wrote: (document: Document, version: string) => Response;
  readonly stale: () => Response;
  /** Refusals that no newer version solves. */
  readonly lasting: Readonly<Record<string, () => Response>>;
  /** Refusals that want the same again. */
  readonly busy?: Readonly<Record<string, () => Response>>;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}

export function xml(status: number, code: string, headers: Record<string, string> = {}): Response {
  const text = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`;
  return new Response(text, { status, headers: { 'content-type': 'application/xml', ...headers } });
}

export function empty(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers });
}

/** A server of one kind with one resource. */
export class WireServer {
  readonly log: string[] = [];
  readonly bodies: string[] = [];
  /** What it answers to the next writes, whatever they say. */
  readonly answers: (() => Response)[] = [];
  note: Note | undefined = { title: 'Groceries', body: 'Milk' };
  #count = 1;
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
    serve((request) => this.#take(request));
  }

  /** Somebody else writes. */
  change(note: Partial<Note>): void {
    this.note = { title: '', body: '', ...this.note, ...note };
    this.#count += 1;
  }

  async #take(request: Request): Promise<Response> {
    const text = await request.clone().text();
    const body = text === '' ? {} : (JSON.parse(text) as Document);
    const response = this.#answer(request, body);
    const isRead = request.method === 'GET';
    if (!isRead) this.bodies.push(text);
    const version = isRead ? '' : ` ${String(this.#named(request, body))}`;
    this.log.push(`${request.method} ${String(response.status)}${version}`);
    return response;
  }

  get version(): string {
    return this.#wire.version(this.#count);
  }

  #named(request: Request, body: Document): unknown {
    const { named, deleted = named } = this.#wire;
    if (request.method !== 'DELETE') return named(request, body);
    return deleted === 'never' ? undefined : deleted(request, body);
  }

  #answer(request: Request, body: Document): Response {
    const { version } = this;
    const { inside, wrap = (document: Document) => document, headers, stale, wrote } = this.#wire;
    const answer = request.method === 'GET' ? undefined : this.answers.shift();
    if (answer) return answer();
    if (!this.note) return empty(404);
    if (request.method === 'GET') return json(200, wrap(this.#document(), version), headers?.(version));
    if (String(this.#named(request, body)) !== version) return stale();
    if (request.method === 'DELETE') {
      this.note = undefined;
      return empty(204);
    }
    const { title, body: text } = (inside === undefined ? body : body[inside]) as Note;
    this.change({ title, body: text });
    return wrote(this.#document(), this.version);
  }

  #document(): Document {
    const { inside, frame } = this.#wire;
    return { ...frame(this.version), ...(inside === undefined ? this.note : { [inside]: this.note }) };
  }
}
