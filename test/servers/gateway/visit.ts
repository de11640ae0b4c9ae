import {
  createClient,
  isRecoveryError,
  threeWay,
  type Resource,
  type RouteOptions,
  type WriteResult,
} from 'remerge';
import type { Lag } from './replication.ts';
import type { Site } from './site.ts';

/** A document of the example server: its edits, by name. */
export type Note = Readonly<Record<string, string | number>>;

/** What a write came to, in a word, and what the caller is told. */
export interface Told {
  readonly word: string;
  readonly message: string;
}

/** A fresh document behind the gateways, and what happens to it. */
export interface Visit {
  readonly site: Site;
  /** A handle on it through a gateway, as a client of its own has it. Its requests are written down. */
  readonly through: (gateway: string, more?: RouteOptions) => Resource<Note>;
  /** Makes the document, on both servers, and says how far the replica is behind from then on. */
  readonly make: (note: Note, lag?: Lag['kind']) => Promise<void>;
  /** An edit by somebody else, at the primary itself. */
  readonly intrude: (change: Note) => Promise<void>;
  /** What the primary holds. */
  readonly held: () => Promise<unknown>;
  /** What was asked at a gateway since this was called last. */
  readonly log: (gateway: string) => readonly string[];
  /** What a server was asked since the document was made: method, status, version. */
  readonly at: (server: 'primary' | 'replica') => readonly string[];
}

/** Visits a document of this name. */
export function visit(site: Site, id: string): Visit {
  const path = `notes/${id}`;
  const marks = { primary: 0, replica: 0 };
  const handle = (origin: string, more: RouteOptions): Resource<Note> =>
    createClient<Record<string, Note>>({
      baseUrl: origin,
      routes: { [path]: { merge: threeWay(), ...more } as RouteOptions<Note> },
    }).resource(path);
  const other = handle(site.primary.url, {});
  return {
    site,
    through: (gateway, more = {}) => handle(site.front(gateway).url.origin, more),
    async make(note, lag = 'none') {
      site.replication.lagBy({ kind: 'none' });
      await other.create(note);
      site.replication.lagBy(lag === 'time' ? { kind: lag, milliseconds: 1_000 } : { kind: lag });
      marks.primary = site.primary.log.length;
      marks.replica = site.replica.log.length;
    },
    async intrude(change) {
      const base = await other.read();
      await other.replace({ ...base.value, ...change }, { base });
    },
    held: async () => (await other.read()).value,
    log: (gateway) => site.front(gateway).log.splice(0),
    at: (server) => site[server].log.slice(marks[server]),
  };
}

/** How a write came out, whichever way. */
export async function told(write: Promise<WriteResult>): Promise<Told> {
  try {
    return { word: (await write).outcome, message: '' };
  } catch (error) {
    if (!isRecoveryError(error)) throw error;
    const { recovery, code, message } = error;
    const likely = recovery?.outcome === 'failed' ? recovery.likely : undefined;
    return { word: likely === undefined ? code : `${code} (${likely})`, message };
  }
}
