import type { RouteOptions } from 'remerge';
import type { Place, Running } from './process.ts';

/** One request, as fetch takes it. Its path is relative to the server's address. */
export interface Ask {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The names of the promises. A server that can't be asked for one says why, under its name. */
export type Promised =
  | 'once'
  | 'merged'
  | 'writers'
  | 'updates'
  | 'carrier'
  | 'create'
  | 'delete'
  | 'gone'
  | 'permanent'
  | 'blind'
  | 'onward'
  | 'lost'
  | 'overtaken'
  | 'probe';

/** What the server under test shows of a document. */
export interface Shown<State> {
  readonly headers: Headers;
  readonly state: State;
}

/**
 * How one server is started, and how its documents are made, read, written and deleted. A document holds edits: a value
 * of text for each name, of a few names that stand in `names`.
 */
export interface Adapter<State = unknown> {
  readonly name: string;
  /** What it is called in the table. */
  readonly title: string;
  /** Where it comes from: the project in this folder, this repository, or Debian, as package and program. */
  readonly from: 'npm' | 'here' | { readonly packages: readonly string[]; readonly program: string };
  start(place: Place): Promise<Running>;
  /** What has to be there before the first document: a database, a container, a calendar. */
  readonly prepare?: readonly Ask[];

  /** What remerge is told of the server. */
  route(id: string): RouteOptions;
  read(id: string): Ask;
  write(id: string, state: State): Ask;
  create(id: string, state: State): Ask;
  /** What is to follow, where creating makes a document without content. */
  fill?(id: string, state: State): Ask;
  remove(id: string): Ask;

  /** A document that is yet to be made, without edits. */
  draft(id: string): State;
  edit(state: State, name: string, value: string): State;
  edits(state: State): Readonly<Record<string, string>>;

  /** The state without its version, where the state shows one. */
  bare?(state: State): State;

  /** The version, by the server's own documentation. */
  version(shown: Shown<State>): string | null;
  /** What looks like a version, and isn't one. */
  decoy?(shown: Shown<State>): string | null;
  /** A write that the server will refuse for ever with a conflict status, and what has to happen before it. */
  readonly permanent?: {
    readonly what: string;
    /** Whether it is a write of the document, and so names what it was made of. */
    readonly isBased?: boolean;
    readonly before?: (id: string) => readonly Ask[];
    ask(id: string, state: State): Ask;
    readonly after?: (id: string) => readonly Ask[];
  };
  /** Whether its tags are weak for a second after each write: then a look right after one takes two reads. */
  readonly weakAtFirst?: boolean;
  /** Why it can lose an edit of many writers at once, whoever they are. Default: it can't. */
  readonly racy?: string;
  /** Whether it takes a write under a version of what is deleted, so that the document is back. */
  readonly resurrects?: boolean;
  /** How many requests a recovered write takes. Default: 3. */
  readonly requests?: number;
  readonly skips?: Readonly<Partial<Record<Promised, string>>>;
  /** Whether it merges by itself what it can: then it takes a write that changes nothing under an older version. */
  readonly merges?: boolean;
  /** Why it can't keep the promises. It is run to see that the contract notices. */
  readonly unsafe?: string;
}

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** What the writers are called, and the names of their edits. */
export const writers = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8'] as const;
const names: readonly string[] = ['title', ...writers];

/** An object without one of its members. */
export function without(state: Json, member: string): Json {
  return Object.fromEntries(Object.entries(state).filter(([name]) => name !== member));
}

/** Documents that are flat JSON objects: an edit is a member. */
export const flat = {
  edit: (state: Json, name: string, value: string): Json => ({ ...state, [name]: value }),
  edits: (state: Json): Readonly<Record<string, string>> =>
    Object.fromEntries(
      names.flatMap((name) => (typeof state[name] === 'string' ? [[name, state[name]]] : [])),
    ),
};

/** A request that sends JSON. */
export function sendJson(
  method: string,
  path: string,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Ask {
  return {
    path,
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  };
}

/** JSON files in a folder that WebDAV serves, with an ETag each. */
export const files = {
  read: (id: string): Ask => ({ path: `${id}.json` }),
  write: (id: string, state: Json): Ask => sendJson('PUT', `${id}.json`, state),
  create: (id: string, state: Json): Ask => sendJson('PUT', `${id}.json`, state, { 'if-none-match': '*' }),
  remove: (id: string): Ask => ({ path: `${id}.json`, method: 'DELETE' }),
  draft: (): Json => ({ title: 'new' }),
  ...flat,
  version: ({ headers }: Shown<Json>): string | null => headers.get('etag'),
  permanent: {
    what: 'a folder that is missing',
    ask: (id: string, state: Json): Ask =>
      sendJson('PUT', `nowhere/${id}.json`, state, { 'if-none-match': '*' }),
  },
};
