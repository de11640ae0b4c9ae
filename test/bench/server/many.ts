// A server of very many notes, each of which is written once, and some by somebody else before. It keeps of each no more
// than is needed to say at the end whether both changes are in it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { random } from '../documents.ts';
import { listen, readText } from './serve.ts';

/** What came of the notes so far. */
export interface Tally {
  readonly written: number;
  readonly conflicts: number;
  readonly requests: number;
  /** Notes that somebody else had written, and whose change is gone. */
  readonly overwritten: number;
}

const [part = 0, seed = 1] = process.argv.slice(2).map(Number);
/** Notes that somebody else has just written. */
const moved = new Set<string>();
let tally = { written: 0, conflicts: 0, requests: 0, overwritten: 0 };
let chance = random(seed);

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await readText(request);
  const { url = '', method, headers } = request;
  const json = { 'content-type': 'application/json', etag: '"v2"' };
  tally.requests++;
  if (method === 'GET') {
    response.writeHead(200, json).end('{"mine":0,"theirs":1,"title":"Milk"}');
  } else if (headers['if-match'] === '"v1"' && chance(1_000_000) < part * 1_000_000) {
    moved.add(url);
    tally.conflicts++;
    response.writeHead(412, { 'content-type': 'application/problem+json' }).end('{"status":412}');
  } else {
    tally.written++;
    if (moved.delete(url) && !text.includes('"theirs":1')) tally.overwritten++;
    response.writeHead(204, { etag: '"v3"' }).end();
  }
}

process.on('disconnect', () => process.exit());
process.on('message', () => {
  process.send?.(tally satisfies Tally);
  // The next ones meet the same chance.
  tally = { written: 0, conflicts: 0, requests: 0, overwritten: 0 };
  chance = random(seed);
});
process.send?.(await listen(createServer((request, response) => void serve(request, response))));
