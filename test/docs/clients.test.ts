import { Octokit } from '@octokit/core';
import axios from 'axios';
import ky from 'ky';
import { createFetch } from 'ofetch';
import createClient from 'openapi-fetch';
import { giveUp, recoveryOf, withConflictRecovery, type Merge, type RecoveringFetch } from 'remerge';
import { describe, expect, it } from 'vitest';
import { textOf } from './blocks.ts';
import { startExampleServer } from './server.ts';
import { tableUnder } from './tables.ts';

interface Note {
  readonly title: string;
  readonly body: string;
}

/** One write, in the words of a client that is set up as its recipe says. */
type Put = (fetch: RecoveringFetch, url: URL, note: Note) => Promise<unknown>;

interface Paths {
  '/notes/{id}': {
    put: {
      parameters: { path: { id: string } };
      requestBody: { content: { 'application/json': Note } };
      responses: { 200: { content: { 'application/json': Note } } };
    };
  };
}

const headers = { 'content-type': 'application/json', 'if-match': '"v0"' };

const clients: Readonly<Record<string, Put>> = {
  fetch: (fetch, url, note) => fetch(url, { method: 'PUT', headers, body: JSON.stringify(note) }),
  'openapi-fetch': (fetch, { origin }, body) =>
    createClient<Paths>({ baseUrl: origin, fetch }).PUT('/notes/{id}', {
      params: { path: { id: '42' } },
      headers,
      body,
    }),
  axios: (fetch, { href }, note) => axios.put(href, note, { adapter: 'fetch', env: { fetch }, headers }),
  ofetch: (fetch, { href }, body) =>
    createFetch({ fetch }).raw(href, { method: 'PUT', headers, body, retry: false }),
  ky: (fetch, url, json) => ky.put(url, { fetch, headers, json, retry: { methods: ['get'] } }),
  '@octokit/core': (fetch, { origin }, note) =>
    new Octokit({ baseUrl: origin, request: { fetch } }).request('PUT /notes/42', { ...note, headers }),
};

const everyClient = Object.entries(clients).map(([name, put]) => ({ name, put }));
const table = tableUnder(textOf('docs/recipes.md'), 'At a glance');
const note: Note = { title: 'Food', body: 'Milk' };

/** What a server saw of a write by a client, and what the client made of it. */
async function write(put: Put, merge: Merge): Promise<{ seen: string[]; outcome: unknown }> {
  await using server = await startExampleServer();
  const seen: string[] = [];
  const spying: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    seen.push(`${init?.method ?? (input as Request).method} ${response.status}`);
    return response;
  };
  const outcome = await put(
    withConflictRecovery(spying, { routes: { 'notes/:id': { merge } } }),
    new URL('/notes/42', server.origin),
    note,
  ).catch((error: unknown) => error);
  return { seen, outcome };
}

/** A server that takes writes, and then can't say so, nor anything else. */
function loseAnswers(): { fetch: RecoveringFetch; sent: () => number } {
  let sent = 0;
  const answer: typeof fetch = (input, init) => {
    if ((init?.method ?? (input as Request).method) === 'PUT') sent += 1;
    return Promise.resolve(new Response('', { status: 503 }));
  };
  const merge: Merge<Note> = ({ local }) => local;
  return {
    fetch: withConflictRecovery(answer, { defaults: { merge, retry: { delay: () => 0 } } }),
    sent: () => sent,
  };
}

describe('a client with a recipe', () => {
  it('is here and in the table', () => {
    expect([...table.keys()]).toEqual(everyClient.map(({ name }) => name));
  });

  it.for(everyClient)('recovers: $name', async ({ put }) => {
    const { seen } = await write(put, ({ local }) => local);
    expect(seen).toEqual(['PUT 412', 'GET 200', 'PUT 200']);
  });

  it.for(everyClient)('repeats no write that remerge has given up: $name', async ({ put }) => {
    const { seen } = await write(put, () => giveUp('Ask a person.'));
    expect(seen).toEqual(['PUT 412', 'GET 200']);
  });

  it.for(everyClient)('repeats no write whose answer is lost: $name', async ({ put }) => {
    const { fetch, sent } = loseAnswers();
    await put(fetch, new URL('https://api.example.com/notes/42'), note).catch(() => undefined);
    expect(sent()).toBe(1);
  });

  it.for(everyClient)('shows a RecoveryError where the table says: $name', async ({ name, put }) => {
    const { outcome } = await write(put, () => undefined);
    const says = table.get(name)?.['a `RecoveryError` is'];
    const error = says === 'thrown as it is' ? outcome : (outcome as Error).cause;
    expect(says).toMatch(/^thrown as it is$|^`error\.cause`$/);
    expect(recoveryOf(error)).toMatchObject({ code: 'merge-error' });
  });
});

describe('a client that is left to repeat writes', () => {
  const url = new URL('https://api.example.com/notes/42');

  it('does so by default: ky', async () => {
    const { fetch, sent } = loseAnswers();
    await ky.put(url, { fetch, headers, json: note, retry: { delay: () => 0 } }).catch(() => undefined);
    expect(sent()).toBe(3);
  });

  it('does so if retry is a number: ofetch', async () => {
    const { fetch, sent } = loseAnswers();
    await createFetch({ fetch })(url.href, { method: 'PUT', headers, body: note, retry: 1 }).catch(
      () => undefined,
    );
    expect(sent()).toBe(2);
  });
});

describe('axios, where it reads bodies as a stream', () => {
  it('gives the merge a base by fetchOptions, and none without', async () => {
    await using server = await startExampleServer();
    const bases: unknown[] = [];
    const merge: Merge = ({ base }) => (bases.push(base), giveUp('Ask a person.'));
    const api = axios.create({
      baseURL: server.origin,
      adapter: 'fetch',
      env: { fetch: withConflictRecovery(fetch, { defaults: { merge } }) },
      maxContentLength: 10_000,
      validateStatus: null,
    });
    const { data } = await api.get<Note>('/notes/42');
    await fetch(`${server.origin}/notes/42`, {
      method: 'PUT',
      headers: { ...headers, 'if-match': '"v1"' },
      body: JSON.stringify(note),
    });
    const stale = { headers: { 'if-match': '"v1"' } };
    await api.put('/notes/42', note, stale);
    await api.put('/notes/42', note, { ...stale, fetchOptions: { base: data } });
    expect(bases).toEqual([undefined, data]);
  });
});
