import axios from 'axios';
import ky from 'ky';
import { createFetch } from 'ofetch';
import createClient from 'openapi-fetch';
import { withConflictRecovery, type RecoveringFetch, type Sides } from 'remerge';
import { describe, expect, it } from 'vitest';
import { startExampleServer } from './server.ts';

interface Note {
  readonly title: string;
  readonly body: string;
}

/** A note as one client saves it: what `PUT` is in its words. */
type Save = (
  fetch: RecoveringFetch,
  origin: string,
  headers: { 'if-match': string },
  note: Note,
) => Promise<unknown>;

interface Paths {
  '/notes/{id}': {
    put: {
      parameters: { path: { id: string } };
      requestBody: { content: { 'application/json': Note } };
      responses: { 200: { content: { 'application/json': Note } } };
    };
  };
}

const clients: Readonly<Record<string, Save>> = {
  ky: (fetch, origin, headers, json) => ky.put(`${origin}/notes/42`, { fetch, headers, json }),
  'openapi-fetch': (fetch, baseUrl, headers, body) =>
    createClient<Paths>({ baseUrl, fetch }).PUT('/notes/{id}', {
      params: { path: { id: '42' } },
      headers,
      body,
    }),
  ofetch: (fetch, origin, headers, body) =>
    createFetch({ fetch })(`${origin}/notes/42`, {
      method: 'PUT',
      headers,
      body,
    }),
  axios: (fetch, origin, headers, note) =>
    axios.put(`${origin}/notes/42`, note, { adapter: 'fetch', env: { fetch }, headers }),
};

describe('a write by a client that takes a fetch', () => {
  it.for(Object.entries(clients))('recovers from a conflict: %s', async ([, save]) => {
    await using server = await startExampleServer();
    const endings: string[] = [];
    const recovering = withConflictRecovery(fetch, {
      routes: {
        'notes/:id': { merge: ({ local, remote }: Sides<Note>) => ({ ...remote, title: local.title }) },
      },
      onEvent: (event) => event.kind === 'end' && endings.push(event.recovery.ending),
    });
    const headers = { 'if-match': '"v1"' };
    await save(recovering, server.origin, headers, { title: 'Groceries', body: 'Milk, eggs' });
    await save(recovering, server.origin, headers, { title: 'Food', body: 'Milk' });
    expect(endings).toEqual(['as-asked', 'merged']);
    const latest = await fetch(`${server.origin}/notes/42`);
    expect(await latest.json()).toEqual({ title: 'Food', body: 'Milk, eggs' });
  });
});
