import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { startContents } from './contents.ts';

type Document = Record<string, unknown>;

/** One call, with all that can carry a version. */
interface Call {
  readonly headers: IncomingMessage['headers'];
  readonly query: URLSearchParams;
  readonly document: Document;
  /** The version that the document had when the call came in. */
  readonly begun: number;
}

/** How a collection of the server shows and compares versions, which are counted from 1. */
interface Collection {
  readonly refusal: number;
  /** What a refusal says. Default: the problem, and nothing of the document. */
  readonly problem?: (current: Document) => Document;
  readonly headers?: (version: number) => Record<string, string>;
  readonly members?: (version: number) => Document;
  /** The version that a write carries, in the form that `shown` has. `undefined`: none. */
  readonly sent: (call: Call) => unknown;
  readonly shown: (version: number) => unknown;
  /** How long a write takes, in milliseconds. Default: no time. */
  readonly delay?: number;
}

/** One second later with each version: two changes within a second would have the same date. */
const dateOf = (version: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, version)).toUTCString();

const collections: Readonly<Record<string, Collection>> = {
  notes: {
    refusal: 412,
    headers: (version) => ({ etag: `"v${version}"` }),
    sent: ({ headers }) => headers['if-match'],
    shown: (version) => `"v${version}"`,
  },
  boards: {
    refusal: 409,
    problem: (current) => ({ title: 'The board has changed.', current }),
    members: (version) => ({ version }),
    sent: ({ document }) => document.version,
    shown: (version) => version,
  },
  orders: {
    refusal: 412,
    headers: (version) => ({ 'last-modified': dateOf(version) }),
    sent: ({ headers }) => headers['if-unmodified-since'],
    shown: dateOf,
  },
  pages: {
    refusal: 409,
    headers: (version) => ({ 'x-version': `${version}` }),
    sent: ({ headers }) => headers['x-version'],
    shown: (version) => `${version}`,
  },
  people: {
    refusal: 409,
    members: (version) => ({ _rev: `${version}-a` }),
    sent: ({ query }) => query.get('rev') ?? undefined,
    shown: (version) => `${version}-a`,
  },
  items: {
    refusal: 409,
    members: (version) => ({ _seq: version, _term: 1 }),
    sent: ({ query }) => query.get('if_seq') && `${query.get('if_seq')} ${query.get('if_term')}`,
    shown: (version) => `${version} 1`,
  },
  // A proxy weakens the tags, or the server means them so.
  tasks: {
    refusal: 412,
    headers: (version) => ({ etag: `W/"v${version}"` }),
    sent: ({ headers }) => headers['if-match']?.replace('W/', ''),
    shown: (version) => `"v${version}"`,
  },
  // It shows no version, and refuses a write that collided with another one.
  accounts: { refusal: 409, sent: ({ begun }) => begun, shown: (version) => version, delay: 200 },
  // It shows a tag, and looks at none: the last write wins.
  walls: {
    refusal: 412,
    headers: (version) => ({ etag: `"v${version}"` }),
    sent: () => 'anything',
    shown: () => 'anything',
  },
  // An invoice that is paid is never changed, whatever version a write carries.
  invoices: {
    refusal: 409,
    problem: () => ({ title: 'A paid invoice is not changed.' }),
    headers: (version) => ({ etag: `"v${version}"` }),
    sent: () => 'nothing fits',
    shown: () => 'paid',
  },
};

const firstDocument: Document = { title: 'Groceries', body: 'Milk' };

/** A server for the examples, which keeps one document in each collection, and one file as GitHub does. */
export interface ExampleServer extends AsyncDisposable {
  readonly origin: string;
}

export async function startExampleServer(): Promise<ExampleServer> {
  const states = new Map(
    Object.keys(collections).map((name) => [name, { version: 1, document: firstDocument }]),
  );

  const answerContents = startContents();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [, name = '', id] = pathname.split('/');
    if (name === 'repos') return answerContents(request, response);
    const [collection, state] = [collections[name], states.get(name)];
    const reply = (status: number, document: Document, headers: Record<string, string> = {}): void => {
      const type = status < 400 ? 'application/json' : 'application/problem+json';
      response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(document));
    };
    if (!collection || !state || id === undefined || id === 'missing') {
      reply(404, { title: 'There is no such document.' });
      return;
    }
    const show = (): Document => ({ ...state.document, ...collection.members?.(state.version) });
    if (request.method === 'PUT' || request.method === 'PATCH') {
      const begun = state.version;
      const document = JSON.parse(await text(request)) as Document;
      await setTimeout(collection.delay ?? 0);
      const sent = collection.sent({ headers: request.headers, query: searchParams, document, begun });
      if (sent === undefined) {
        reply(428, { title: 'Say which version this write is for.' });
        return;
      }
      if (sent !== collection.shown(state.version)) {
        reply(collection.refusal, collection.problem?.(show()) ?? { title: 'The document has changed.' });
        return;
      }
      state.document = request.method === 'PATCH' ? { ...state.document, ...document } : document;
      state.version += 1;
    }
    reply(200, show(), collection.headers?.(state.version));
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
