// A server of notes, in a process of its own, that lets every request wait, counts it, and loses answers where it is told
// to. A note is there, and empty, from the first time that somebody asks for it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { random } from '../documents.ts';
import { withId, type Note } from '../note.ts';
import { listen, readText, type Conditions, type Order, type Seen } from './serve.ts';

interface Kept {
  text: string;
  version: number;
  requests: number;
  refused: number;
  unanswered: number;
  /** Whether somebody else is still to write, right after the first read. */
  isToMove: boolean;
  /** Whether every write is taken, whatever version it names. */
  readonly isOpen: boolean;
}

type Fate = 'answered' | 'lost before' | 'lost after';

const read = { status: 200, fate: 'answered' } as const;

let conditions: Conditions = { latency: 0, loss: 0, seed: 1 };
let chance = random(conditions.seed);
const notes = new Map<string, Kept>();

function keptAt(path: string): Kept {
  let kept = notes.get(path);
  if (!kept) {
    const isToMove = path.includes('moved-');
    const isOpen = path.startsWith('/open/');
    kept = { text: '{"ids":[]}', version: 1, requests: 0, refused: 0, unanswered: 0, isToMove, isOpen };
    notes.set(path, kept);
  }
  return kept;
}

function put(kept: Kept, text: string): void {
  kept.text = text;
  kept.version++;
}

/** The status for a write, which is made or not from one moment to the next. */
function write(kept: Kept, ifMatch: string | undefined, text: string): { status: number; fate: Fate } {
  if (ifMatch === undefined) return { status: 428, fate: 'answered' };
  if (!kept.isOpen && ifMatch !== `"${String(kept.version)}"`) return { status: 412, fate: 'answered' };
  const drawn = chance(1_000_000) / 1_000_000;
  const fate =
    drawn >= conditions.loss ? 'answered' : drawn < conditions.loss / 2 ? 'lost before' : 'lost after';
  if (fate !== 'lost before') put(kept, text);
  return { status: 204, fate };
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '', headers } = request;
  const text = await readText(request);
  const kept = keptAt(url);
  kept.requests++;
  if (conditions.latency > 0) await sleep(conditions.latency);
  const { status, fate } = method === 'GET' ? read : write(kept, headers['if-match'], text);
  if (status === 412) kept.refused++;
  if (fate !== 'answered') {
    kept.unanswered++;
    response.destroy();
    return;
  }
  const json = { 'content-type': 'application/json', 'cache-control': 'no-cache' };
  const etag = `"${String(kept.version)}"`;
  if (status === 204) response.writeHead(204, { etag }).end();
  else if (status === 200) response.writeHead(200, { ...json, etag }).end(kept.text);
  // Without the state, an ETag in a refusal would name what its reader has not seen.
  else if (status === 412 && url.includes('told-')) response.writeHead(412, { ...json, etag }).end(kept.text);
  else response.writeHead(status, { 'content-type': 'application/problem+json' }).end(problem(status));
  if (status === 200 && kept.isToMove) {
    kept.isToMove = false;
    put(kept, JSON.stringify(withId(JSON.parse(kept.text) as Note, 'theirs')));
  }
}

function problem(status: number): string {
  const title = status === 412 ? 'The note has moved on.' : 'Say by If-Match what is to be replaced.';
  return JSON.stringify({ status, title });
}

function look(path: string): Seen {
  const { text, requests, refused, unanswered } = keptAt(path);
  // Nobody asks for it again.
  notes.delete(path);
  return { ids: (JSON.parse(text) as Note).ids, requests, refused, unanswered };
}

process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  if (order.kind === 'look') {
    process.send?.(look(order.path));
    return;
  }
  ({ conditions } = order);
  chance = random(conditions.seed);
  process.send?.('set');
});
const server = createServer((request, response) => void serve(request, response));
// A connection that is closed while it is idle would look like a lost answer to those that don't ask for one.
server.keepAliveTimeout = 120_000;
process.send?.(await listen(server));
