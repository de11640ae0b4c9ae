// A server of notes, in a process of its own, that lets every request wait and counts it. A note is there, and empty,
// from the first time that somebody asks for it.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen, readText } from './notes.ts';
import type { Note, Seen } from './shared-note.ts';

interface Kept {
  text: string;
  version: number;
  requests: number;
  refused: number;
}

const latency = Number(process.argv[2]);
const notes = new Map<string, Kept>();

function keptAt(path: string): Kept {
  const kept = notes.get(path) ?? { text: '{"ids":[]}', version: 1, requests: 0, refused: 0 };
  notes.set(path, kept);
  return kept;
}

/** The status for a write, which is made or not from one moment to the next. */
function write(kept: Kept, ifMatch: string | undefined, text: string): number {
  if (ifMatch === undefined) return 428;
  if (ifMatch !== `"${String(kept.version)}"`) return 412;
  kept.text = text;
  kept.version++;
  return 204;
}

const server = createServer((request, response) => {
  void readText(request).then(async (text) => {
    const kept = keptAt(request.url ?? '');
    kept.requests++;
    await sleep(latency);
    const status = request.method === 'GET' ? 200 : write(kept, request.headers['if-match'], text);
    if (status === 412) kept.refused++;
    // No ETag in a refusal: it would name a state that its reader has not seen.
    const headers = status < 300 ? { etag: `"${String(kept.version)}"`, 'cache-control': 'no-cache' } : {};
    if (status === 204) response.writeHead(status, headers).end();
    else if (status === 200)
      response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(kept.text);
    else response.writeHead(status, { 'content-type': 'application/problem+json' }).end(problem(status));
  });
});

function problem(status: number): string {
  const title = status === 412 ? 'The note has moved on.' : 'Say by If-Match what is to be replaced.';
  return JSON.stringify({ status, title });
}

process.on('disconnect', () => process.exit());
process.on('message', (path: string) => {
  const { text, requests, refused } = keptAt(path);
  const { ids } = JSON.parse(text) as Note;
  process.send?.({ ids, requests, refused } satisfies Seen);
});
process.send?.(await listen(server));
