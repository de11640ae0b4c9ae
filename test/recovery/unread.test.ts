import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createClient, etag, keepLocal, withConflictRecovery } from 'remerge';
import { describe, expect, it } from 'vitest';
import { put, url } from '../support/write.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** A server whose answers have bodies, and what it said. */
function talkative() {
  const said: WeakRef<Response>[] = [];
  const fetch = (): Promise<Response> => {
    const response = Response.json({ n: 1 }, { headers: { etag: '"v2"' } });
    said.push(new WeakRef(response));
    return Promise.resolve(response);
  };
  return { said, fetch };
}

const routes = { 'notes/:id': { version: etag(), merge: keepLocal() } };

describe('an answer that nobody reads', () => {
  it.each<[string, (fetch: () => Promise<Response>) => () => Promise<unknown>]>([
    [
      'a wrapped fetch',
      (fetch) => {
        const api = withConflictRecovery(fetch, { routes });
        return () => api(url, put({ n: 1 }));
      },
    ],
    [
      'a client',
      (fetch) => {
        const api = createClient({ baseUrl: 'https://api.test/', fetch, routes });
        return async () => {
          await api.put('notes/42', { json: { n: 1 }, headers: { 'if-match': '"v1"' } });
        };
      },
    ],
  ])('is held by nothing of %s: the runtime closes its connection', async (_, make) => {
    const { said, fetch } = talkative();
    const write = make(fetch);
    for (let count = 0; count < 3; count += 1) await write();
    for (let turn = 0; turn < 20 && said.some((one) => one.deref()); turn += 1) {
      // A WeakRef holds what it refers to until the turn is over.
      await new Promise((resolve) => setImmediate(resolve));
      gc();
    }
    expect(said.map((one) => one.deref())).toEqual([undefined, undefined, undefined]);
    // The client itself is still in use.
    await write();
  });
});
