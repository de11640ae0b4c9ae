import { describe, expect, it } from 'vitest';
import {
  etag,
  field,
  header,
  mergePatch,
  none,
  query,
  writeLog,
  type RouteOptions,
  type VersionOption,
} from '../../src/index.ts';
import { jsonPatch } from '../../src/merge/json-patch.ts';
import type { Built, Decided } from '../../src/recovery/records.ts';
import { build, rebuild } from '../../src/stages/build.ts';
import { shown, writeOf } from './a-write.ts';
import { cellsOf } from './table.ts';

const base = { title: 'base', n: 1 };
const theirs = { title: 'base', n: 2 };
const merged = { title: 'ours', n: 2 };

const versions: Readonly<Record<string, VersionOption>> = {
  'an ETag': etag(),
  'a member': field('/rev'),
  'the query': { read: header('etag'), write: query('rev') },
  none: none(),
};

/** How each method says its change, where not as a whole state. */
type Change = { readonly body: unknown; readonly type: string; readonly state?: unknown } & RouteOptions;
const changes: Readonly<Record<string, Change>> = {
  'PUT of a part': { body: { title: 'ours' }, type: 'application/json', server: { means: 'part' } },
  'PATCH of a state': {
    body: { title: 'ours' },
    type: 'application/merge-patch+json',
    state: { title: 'ours', n: 1 },
    server: { replace: 'PATCH' },
  },
  PATCH: { body: { title: 'ours' }, type: 'application/merge-patch+json' },
  'PATCH smallest': {
    body: { title: 'ours', n: 1 },
    type: 'application/merge-patch+json',
    server: { patches: [mergePatch({ smallest: true })] },
  },
  'PATCH of operations': {
    body: [{ op: 'replace', path: '/title', value: 'ours' }],
    type: 'application/json-patch+json',
    server: { patches: [jsonPatch()] },
  },
};

/** The request that the merged state comes to. A version is `v2` there. */
const table = `
                    | an ETag                                                      | a member                                                                                  | the query                             | none
PUT                 | PUT if-match v2 {"title":"ours","n":2}                       | PUT {"title":"ours","n":2,"rev":"v2"}                                                     | PUT ?rev=v2 {"title":"ours","n":2}    | PUT {"title":"ours","n":2}
PUT of a part       | PUT if-match v2 {"title":"ours"}                             | PUT {"title":"ours","rev":"v2"}                                                           | PUT ?rev=v2 {"title":"ours"}          | PUT {"title":"ours"}
PATCH of a state    | PATCH if-match v2 {"title":"ours"}                           | PATCH {"title":"ours","rev":"v2"}                                                         | PATCH ?rev=v2 {"title":"ours"}        | PATCH {"title":"ours"}
PATCH               | PATCH if-match v2 {"title":"ours"}                           | PATCH {"title":"ours","rev":"v2"}                                                         | PATCH ?rev=v2 {"title":"ours"}        | PATCH {"title":"ours"}
PATCH smallest      | PATCH if-match v2 {"title":"ours"}                           | PATCH {"title":"ours","rev":"v2"}                                                         | PATCH ?rev=v2 {"title":"ours"}        | PATCH {"title":"ours"}
PATCH of operations | PATCH if-match v2 [{"op":"replace","path":"/title","value":"ours"}] | PATCH [{"op":"test","path":"/rev","value":"v2"},{"op":"replace","path":"/title","value":"ours"}] | PATCH ?rev=v2 [{"op":"replace","path":"/title","value":"ours"}] | PATCH [{"op":"replace","path":"/title","value":"ours"}]
DELETE              | DELETE if-match v2                                           | no-version                                                                                | DELETE ?rev=v2                        | DELETE
`;

function inWords(built: Built): string {
  if (built.kind !== 'ready') return built.kind === 'rejected' ? built.failure.code : built.kind;
  const { method, url, headers, content } = built.prepared.request;
  const precondition = ['if-match', 'if-none-match'].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [`${name} ${value}`];
  });
  return [method, url.search, ...precondition, content]
    .filter((part) => part !== '')
    .map(String)
    .join(' ');
}

async function parts(row: string, options: RouteOptions = {}) {
  const { body = { ...base, title: 'ours' }, type, ...own } = changes[row] ?? {};
  const headers = type === undefined ? {} : { 'content-type': type };
  const { call, intent } = await writeOf(row, { body, headers, base, ...own, ...options });
  const { write, route } = call;
  const target = { method: write.method, url: write.url };
  return { route, parts: { intent, target, id: undefined, newKey: () => 'another', isAnswered: false } };
}

const byMerge = (value: unknown): Extract<Decided, { kind: 'write' }> => ({
  kind: 'write',
  value,
  by: 'merge',
});

describe('the request that a decision comes to', () => {
  it.each(cellsOf(table))('%s, the version in %s', async (row, column, expected) => {
    const { route, parts: given } = await parts(row, { version: versions[column] ?? etag() });
    const latest = shown(column === 'a member' ? { ...theirs, rev: 'v2' } : theirs, 'v2');
    const decided = row === 'DELETE' ? ({ kind: 'delete', by: 'route' } as const) : byMerge(merged);
    expect(inWords(await build(decided, { ...given, latest }, route))).toBe(expected);
  });

  it('is none where it would say nothing new', async () => {
    const { route, parts: given } = await parts('PUT');
    const built = await build(byMerge(theirs), { ...given, latest: shown(theirs, 'v2') }, route);
    expect(inWords(built)).toBe('unchanged');
  });

  it('is the caller’s own bytes where it says the same, and has the same key', async () => {
    const body = { ...base, title: 'ours' };
    const headers = { 'idempotency-key': '"k"' };
    const { call, intent } = await writeOf('PUT', { body, headers, base });
    const given = { intent, target: call.write, id: undefined, newKey: () => 'another', isAnswered: false };
    const onto = { ...given, latest: shown(base, 'v2') };
    for (const [value, isAnswered, key] of [
      [body, false, '"k"'],
      [merged, false, '"another"'],
      [body, true, '"another"'],
    ] as const) {
      const built = await build(byMerge(value), { ...onto, isAnswered }, call.route);
      const { request } = built.kind === 'ready' ? built.prepared : expect.fail(built.kind);
      expect(request.headers.get('idempotency-key')).toBe(key);
      if (value === body) expect(request.content).toBe(intent.body.content);
    }
  });

  it('carries the write’s id, after those that the remote has', async () => {
    const { route, parts: given } = await parts('PUT', { writeId: writeLog('/log') });
    const latest = shown({ ...theirs, log: ['a'] }, 'v2');
    const built = await build(byMerge({ ...merged, log: ['a'] }), { ...given, id: 'b', latest }, route);
    expect(inWords(built)).toBe('PUT if-match v2 {"title":"ours","n":2,"log":["a","b"]}');
    expect(built).toMatchObject({ prepared: { writeId: 'b', version: ['v2'] } });
  });

  it('creates anew without a version, and only if nothing is there', async () => {
    for (const row of ['PUT', 'PUT of a part', 'PATCH', 'PATCH of a state', 'PATCH of operations']) {
      const { route, parts: given } = await parts(row);
      const built = await rebuild(given, route);
      expect(inWords(built), row).toBe('PUT if-none-match * {"title":"ours","n":1}');
    }
  });

  it('makes the difference anew for the server’s state, whatever the first one named', async () => {
    const { route, parts: given } = await parts('PATCH of a state');
    const latest = shown({ title: 'ours', n: 1 }, 'v2');
    expect(inWords(await build(byMerge(merged), { ...given, latest }, route))).toBe(
      'PATCH if-match v2 {"n":2}',
    );
  });

  it('is a difference where the write was to create what exists', async () => {
    for (const [server, type, body] of [
      [{ replace: 'PATCH' }, 'application/merge-patch+json', '{"title":"ours"}'],
      [
        { replace: 'PATCH', patches: [jsonPatch()] },
        'application/json-patch+json',
        '[{"op":"replace","path":"/title","value":"ours"}]',
      ],
      [{ means: 'part' }, 'application/json', '{"title":"ours"}'],
    ] as const) {
      const { call, intent } = await writeOf('POST', { server, methods: ['POST'] });
      const method = server.replace ?? 'PUT';
      const target = { method, url: call.write.url };
      const given = { intent, target, id: undefined, newKey: () => 'another', isAnswered: false };
      const built = await build(byMerge(merged), { ...given, latest: shown(theirs, 'v2') }, call.route);
      expect(inWords(built)).toBe(`${method} if-match v2 ${body}`);
      expect(built.kind === 'ready' && built.prepared.request.headers.get('content-type')).toBe(type);
    }
  });
});
