import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { storeBehind, passOn, type Answer } from './upstream.ts';

/** What becomes of requests to an address. Each request takes the first treatment that is for it. */
export interface Treatment {
  readonly method: string;
  /** How many requests it is for. Default: all. */
  readonly times?: number;
  /** What somebody else stores just before the server sees the request; `null` removes what is there. */
  readonly meanwhile?: unknown;
  /** An answer in the place of the server's. */
  readonly answer?: Answer;
  /** Headers over the answer's. An empty one is taken away. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A request header without which the answer is 401. */
  readonly needs?: string;
  /** The connection breaks, before the server has seen the request or after it has answered it. */
  readonly lose?: 'before' | 'after';
  /** No answer comes, ever. */
  readonly hang?: boolean;
}

/** What stands between the tests and the example server. */
export interface Gate {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

interface Place {
  readonly log: string[];
  treatments: readonly { readonly treatment: Treatment; left: number }[];
}

/**
 * Starts one. It passes on what it is asked, writes down what goes by, and does what a test has asked it to do with the
 * requests to one address. The tests speak to it by HTTP, as they may run in a page: `/-/log`, `/-/treat`, `/-/store`,
 * each with the address as `?of=`.
 */
export async function startGate(target: string): Promise<Gate> {
  const places = new Map<string, Place>();
  const placeOf = (path: string): Place => {
    const place = places.get(path) ?? { log: [], treatments: [] };
    places.set(path, place);
    return place;
  };

  async function control(action: string, path: string, body: string): Promise<unknown> {
    const place = placeOf(path);
    if (action === '/-/store') await storeBehind(target, path, JSON.parse(body));
    if (action === '/-/treat') {
      place.treatments = (JSON.parse(body) as Treatment[]).map((treatment) => ({
        treatment,
        left: treatment.times ?? Infinity,
      }));
    }
    return place.log;
  }

  async function serve(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = asked;
    const url = new URL(asked.url ?? '/', target);
    const body = await text(asked);
    if (url.pathname.startsWith('/-/')) {
      const said = await control(url.pathname, url.searchParams.get('of') ?? '', body);
      // Whoever opens a page here gets one: it has the gate's origin.
      response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'application/json' });
      response.end(JSON.stringify(said));
      return;
    }
    const place = placeOf(url.pathname);
    const found = place.treatments.find(({ treatment, left }) => treatment.method === method && left > 0);
    if (found) found.left -= 1;
    const { meanwhile, needs, lose, hang, answer, headers: over = {} } = found?.treatment ?? {};
    const note = (outcome: string): unknown =>
      place.log.push([method, outcome, carried(method, headers, body)].filter(Boolean).join(' '));
    if (hang) return void note('hangs');
    if (meanwhile !== undefined) await storeBehind(target, url.pathname, meanwhile);
    const isBarred = needs !== undefined && headers[needs] === undefined;
    const given: Answer | undefined =
      lose === 'before'
        ? undefined
        : isBarred
          ? { status: 401 }
          : (answer ?? (await passOn(new URL(url.pathname + url.search, target), method, headers, body)));
    const isLost = given === undefined || lose === 'after';
    const shown = method === 'GET' ? given?.headers?.etag : undefined;
    note([given?.status, isLost && 'lost', shown].filter(Boolean).join(' '));
    if (isLost) return void asked.socket.destroy();
    // No connection is used twice: a browser sends again by itself what breaks on an old one.
    const all = { ...open(given.headers), connection: 'close', ...over };
    const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
    response.writeHead(given.status, kept).end(given.body);
  }

  const server = createServer((asked, response) => {
    serve(asked, response).catch((error: unknown) => {
      console.error(error);
      asked.socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The version that a request names. */
function carried(method: string, headers: IncomingMessage['headers'], body: string): string | undefined {
  if (method === 'OPTIONS') return headers['access-control-request-headers'];
  const named = headers['if-match'] ?? headers['if-none-match'];
  if (named !== undefined || method !== 'PUT') return named;
  return /"version":(\d+)/.exec(body)?.[1];
}

/** A script may read an answer of the gate's own as it may read one of the server's, and may send a PATCH, too. */
function open(headers: Answer['headers'] = {}): Record<string, string> {
  const methods = headers['access-control-allow-methods'];
  return {
    'access-control-allow-origin': '*',
    ...headers,
    ...(methods !== undefined && { 'access-control-allow-methods': `${methods}, PATCH` }),
  };
}
