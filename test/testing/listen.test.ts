import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { threeWay, withConflictRecovery } from 'remerge';
import { createOrigin, listen, type OriginOptions } from 'remerge/testing';
import { afterEach, describe, expect, it } from 'vitest';

const note = { title: 'Groceries', body: 'Milk' };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function served(options: OriginOptions = {}) {
  const origin = createOrigin({ 'notes/1': note }, options);
  const { url, close } = await listen(origin);
  closing.push(close);
  return { origin, url };
}

/** A service that renames notes which it keeps elsewhere: each request to it is a read and a write there. */
async function service(store: string): Promise<string> {
  const recovering = withConflictRecovery(fetch, { defaults: { merge: threeWay() } });
  const server = createServer((request, response) => {
    const rename = async (): Promise<void> => {
      const at = `${store}notes${request.url ?? ''}`;
      const base = (await (await recovering(at)).json()) as typeof note;
      const body = JSON.stringify({ ...base, title: 'Food' });
      const headers = { 'content-type': 'application/json' };
      const { status } = await recovering(at, { method: 'PUT', headers, body, base });
      response.writeHead(status).end();
    };
    rename().catch(() => response.writeHead(502).end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('an origin at a port', () => {
  it('has a service meet another writer', async () => {
    const { origin, url } = await served();
    const at = await service(url);
    origin.next('PUT', () => {
      origin.edit('notes/1', { body: 'Milk, eggs' });
      return undefined;
    });
    expect((await fetch(`${at}/1`)).status).toBe(204);
    expect(origin.value('notes/1')).toEqual({ title: 'Food', body: 'Milk, eggs' });
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('closes the connection where an answer is lost, and breaks off in a body', async () => {
    const { origin, url } = await served();
    origin.next('GET', 'lose-answer').next('GET', 'reset');
    await expect(fetch(`${url}notes/1`)).rejects.toThrow(TypeError);
    const response = await fetch(`${url}notes/1`);
    await expect(response.text()).rejects.toThrow(TypeError);
    expect(origin.log).toEqual(['GET 200 "v1", answer lost', 'GET 200 "v1"']);
  });

  it('ends a slow answer when its caller has gone, and leaves the port free', async () => {
    const { origin, url } = await served();
    const { url: other, close } = await listen(origin);
    origin.next('GET', 'slow');
    const controller = new AbortController();
    const reading = fetch(`${other}notes/1`, { signal: controller.signal });
    while (origin.log.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(reading).rejects.toThrow('abort');
    await close();
    await expect(fetch(`${other}notes/1`)).rejects.toThrow(TypeError);
    expect((await fetch(`${url}notes/1`)).status).toBe(200);
  });
});
