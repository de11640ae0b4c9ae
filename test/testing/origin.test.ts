import {
  createClient,
  field,
  header,
  lastModified,
  none,
  query,
  threeWay,
  type VersionOption,
} from 'remerge';
import { jsonPatch } from 'remerge/json-patch';
import { poll } from 'remerge/poll';
import { createClock, createOrigin, type Origin, type OriginOptions } from 'remerge/testing';
import { describe, expect, it } from 'vitest';

interface Note {
  readonly title: string;
  readonly body: string;
}

const note: Note = { title: 'Groceries', body: 'Milk' };

function open(options: OriginOptions = {}) {
  const origin = createOrigin({ 'notes/1': note }, options);
  const clock = createClock();
  const { version } = options;
  const route = { merge: threeWay<Note>(), ...(version && { version }) };
  const api = createClient({
    baseUrl: origin.url,
    fetch: origin.fetch,
    clock,
    routes: { 'notes/:id': route },
  });
  return { origin, clock, handle: api.resource('notes/:id', { id: '1' }) };
}

async function send(origin: Origin, method: string, path: string, body?: unknown, headers = {}) {
  const type = { 'content-type': 'application/json' };
  const text = body === undefined ? undefined : JSON.stringify(body);
  return origin.fetch(`${origin.url}${path}`, {
    method,
    headers: { ...type, ...headers },
    body: text ?? null,
  });
}

/** The answer to a request, as one line, and its tag. */
async function told(answer: Promise<Response>): Promise<readonly unknown[]> {
  const { status, headers } = await answer;
  return [status, headers.get('etag')];
}

describe('an origin', () => {
  it('refuses a write under an older version, and writes a log that reads well', async () => {
    const { origin, handle } = open();
    const base = await handle.read();
    origin.edit('notes/1', { body: 'Milk, eggs' });
    origin.log.splice(0);
    const { outcome } = await handle.replace({ ...base.value, title: 'Food' }, { base });
    expect(outcome).toBe('merged');
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(origin.value('notes/1')).toEqual({ title: 'Food', body: 'Milk, eggs' });
    expect(origin.version('notes/1')).toBe('"v3"');
  });

  it('takes exactly one of many writes under the same version', async () => {
    const { origin } = open();
    const condition = { 'if-match': '"v1"' };
    const writes = ['a', 'b', 'c', 'd'].map((title) => send(origin, 'PUT', 'notes/1', { title }, condition));
    const statuses = (await Promise.all(writes)).map(({ status }) => status);
    expect([...statuses].sort()).toEqual([204, 412, 412, 412]);
  });

  it('shows in a 204 the tag of what it holds, and leaves it out where it is told to', async () => {
    const { origin } = open();
    expect(await told(send(origin, 'PUT', 'notes/1', note, { 'if-match': '"v1"' }))).toEqual([204, '"v2"']);
    expect(await told(send(origin, 'GET', 'notes/1'))).toEqual([200, '"v2"']);
    const silent = open({ answers: 'nothing' }).origin;
    expect(await told(send(silent, 'PUT', 'notes/1', note, { 'if-match': '"v1"' }))).toEqual([204, null]);
    const open2 = open({ answers: 'value' }).origin;
    const answer = await send(open2, 'PUT', 'notes/1', { title: 'Food' }, { 'if-match': '"v1"' });
    expect([answer.status, await answer.json()]).toEqual([200, { title: 'Food' }]);
  });

  it.each<readonly [string, VersionOption, readonly string[]]>([
    ['a member of the body', field('/meta/version'), ['PUT 409 1', 'GET 200 2', 'PUT 200 2']],
    ['a header', header('X-Version'), ['PUT 409 1', 'GET 200 2', 'PUT 204 2']],
    ['the query', { read: field('/rev'), write: query('rev') }, ['PUT 409 1', 'GET 200 2', 'PUT 200 2']],
    [
      'two members and two parameters',
      { read: [field('/seq'), field('/term')], write: [query('seq'), query('term')] },
      ['PUT 409 1 1', 'GET 200 2 1', 'PUT 200 2 1'],
    ],
    [
      'a date',
      lastModified(),
      [
        'PUT 412 Thu, 01 Jan 2026 00:00:01 GMT',
        'GET 200 Thu, 01 Jan 2026 00:00:02 GMT',
        'PUT 204 Thu, 01 Jan 2026 00:00:02 GMT',
      ],
    ],
  ])('has its version in %s', async (_, version, log) => {
    const { origin, handle } = open({ version });
    const base = await handle.read();
    origin.edit('notes/1', { body: 'Milk, eggs' });
    origin.log.splice(0);
    await handle.replace({ ...base.value, title: 'Food' }, { base });
    expect(origin.log).toEqual(log);
    expect(origin.value('notes/1')).toMatchObject({ title: 'Food', body: 'Milk, eggs' });
  });

  it('takes a weak tag for none under If-Match, where the route does not say otherwise', async () => {
    const { origin } = open();
    expect((await send(origin, 'PUT', 'notes/1', note, { 'if-match': 'W/"v1"' })).status).toBe(412);
    expect((await send(origin, 'PUT', 'notes/1', note, { 'if-match': '"v0", "v1"' })).status).toBe(204);
    expect((await send(origin, 'PUT', 'notes/1', note, { 'if-match': '*' })).status).toBe(204);
  });

  it('refuses what has no version, takes it where it is told to, and where there are none', async () => {
    for (const [options, status] of [
      [{}, 428],
      [{ requires: false }, 204],
      [{ version: none() }, 204],
      [{ status: 409 }, 428],
    ] as const)
      expect((await send(open(options).origin, 'PUT', 'notes/1', note)).status).toBe(status);
    const { origin } = open({ status: 409 });
    expect((await send(origin, 'PUT', 'notes/1', note, { 'if-match': '"v0"' })).status).toBe(409);
  });

  it('applies each kind of PATCH, and refuses what it does not know', async () => {
    const patch = async (type: string, body: unknown) => {
      const { origin } = open();
      const headers = { 'if-match': '"v1"', 'content-type': type };
      const { status } = await send(origin, 'PATCH', 'notes/1', body, headers);
      return [status, origin.value('notes/1')];
    };
    expect(await patch('application/merge-patch+json', { body: null, tags: { a: null } })).toEqual([
      204,
      { title: 'Groceries', tags: {} },
    ]);
    expect(await patch('application/json', { body: null })).toEqual([204, { ...note, body: null }]);
    expect(
      await patch('application/json-patch+json', [{ op: 'replace', path: '/title', value: 'Food' }]),
    ).toEqual([204, { ...note, title: 'Food' }]);
    expect(await patch('application/json-patch+json', [{ op: 'remove', path: '/x' }])).toEqual([422, note]);
    expect(await patch('text/plain', {})).toEqual([415, note]);
  });

  it('takes the version of a JSON Patch from its tests', async () => {
    const origin = createOrigin({ 'notes/1': note }, { version: field('/version') });
    const route = { merge: threeWay(), version: field('/version'), server: { patches: [jsonPatch()] } };
    const api = createClient({ baseUrl: origin.url, fetch: origin.fetch, routes: { 'notes/:id': route } });
    const base = await api.resource('notes/:id', { id: '1' }).read();
    origin.edit('notes/1', { body: 'Eggs' });
    const patch = [{ op: 'replace', path: '/title', value: 'Food' }];
    await api.patch('notes/1', {
      json: patch,
      base: base.value,
      headers: { 'content-type': 'application/json-patch+json' },
    });
    expect(origin.value('notes/1')).toEqual({ title: 'Food', body: 'Eggs' });
    expect(origin.log).toEqual(['GET 200 1', 'PATCH 409 1', 'GET 200 2', 'PATCH 200 2']);
  });

  it('creates by POST, by PUT, and only where there is nothing', async () => {
    const origin = createOrigin();
    const created = await send(origin, 'POST', 'notes', note);
    expect([created.status, created.headers.get('location')]).toEqual([201, '/notes/1']);
    expect(origin.value('notes/1')).toEqual(note);
    const only = { 'if-none-match': '*' };
    expect(await told(send(origin, 'PUT', 'notes/2', note, only))).toEqual([201, '"v1"']);
    expect(await told(send(origin, 'PUT', 'notes/2', note, only))).toEqual([412, null]);
    expect((await send(origin, 'POST', 'notes', note)).headers.get('location')).toBe('/notes/3');
  });

  it('deletes under a version, and has no version come twice', async () => {
    const { origin } = open();
    expect((await send(origin, 'DELETE', 'notes/1', undefined, { 'if-match': '"v0"' })).status).toBe(412);
    expect((await send(origin, 'DELETE', 'notes/1', undefined, { 'if-match': '"v1"' })).status).toBe(204);
    expect((await send(origin, 'GET', 'notes/1')).status).toBe(404);
    expect((await send(origin, 'PUT', 'notes/1', note, { 'if-match': '"v1"' })).status).toBe(412);
    expect(await told(send(origin, 'PUT', 'notes/1', note))).toEqual([201, '"v3"']);
  });

  it('takes writes on and makes them later, unless another writer comes first', async () => {
    const origin = createOrigin({ 'notes/1': note }, { operations: 1 });
    const clock = createClock();
    const route = { merge: threeWay<Note>(), server: { accepted: poll() } };
    const api = createClient({
      baseUrl: origin.url,
      fetch: origin.fetch,
      clock,
      routes: { 'notes/:id': route },
    });
    const handle = api.resource('notes/:id', { id: '1' });
    const base = await handle.read();
    const saved = await clock.run(handle.replace({ ...base.value, title: 'Food' }, { base }));
    expect([saved.outcome, origin.value('notes/1')]).toEqual(['applied', { ...note, title: 'Food' }]);
    const accepted = await send(origin, 'PUT', 'notes/1', note, { 'if-match': '"v2"' });
    expect([accepted.status, accepted.headers.get('operation-location')]).toEqual([202, '/operations/2']);
    origin.edit('notes/1', { title: 'Feast' });
    await send(origin, 'GET', 'operations/2');
    expect(await (await send(origin, 'GET', 'operations/2')).json()).toMatchObject({ status: 'failed' });
    expect(origin.value('notes/1')).toEqual({ ...note, title: 'Feast' });
  });

  it('keeps its states to itself', () => {
    const mine = { title: 'Groceries', tags: ['a'] };
    const origin = createOrigin({ 'notes/1': mine });
    mine.tags.push('b');
    (origin.value('notes/1') as typeof mine).tags.push('c');
    expect(origin.value('notes/1')).toEqual({ title: 'Groceries', tags: ['a'] });
    origin.edit('notes/1', (state: typeof mine) => {
      state.tags.push('d');
    });
    expect(origin.value('notes/1')).toEqual({ title: 'Groceries', tags: ['a', 'd'] });
  });

  it('tells of a body that is none', async () => {
    const { origin } = open();
    const init = {
      method: 'PUT',
      headers: { 'if-match': '"v1"', 'content-type': 'application/json' },
      body: '{',
    };
    expect((await origin.fetch('notes/1', init)).status).toBe(400);
    expect(origin.version('notes/1')).toBe('"v1"');
  });
});
