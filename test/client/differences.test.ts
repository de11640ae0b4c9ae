import {
  createClient,
  field,
  keepLocal,
  mergePatch,
  threeWay,
  type RouteOptions,
  type Server,
} from 'remerge';
import { jsonPatch } from 'remerge/json-patch';
import { applyMergePatch } from 'remerge/merge';
import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from '../../src/merge/json-patch.ts';
import { startJsonServer, type JsonServer } from '../support/json-server.ts';
import { given, questionIn } from '../support/question.ts';
import { rejectionOf } from '../support/write.ts';

interface Row {
  title: string;
  settings?: { theme: string; lang: string; zoom?: number };
  due?: string | null;
  rev?: number;
}

const first: Row = { title: 'a', settings: { theme: 'light', lang: 'de' }, due: '2026-01-01' };
type Apply = (state: Row, body: unknown) => unknown;

/** How servers understand a body that doesn't hold the whole state. */
const columns: Apply = (state, body) => ({ ...state, ...(body as object) });
const members: Apply = (state, body) => applyMergePatch(state, body);
const operations: Apply = (state, body) => {
  const patched = applyJsonPatch(state, body);
  return patched.kind === 'patched' ? patched.value : undefined;
};

/** A server with one row, which knows one method beside GET. */
interface Table extends JsonServer {
  row: Row | undefined;
  /** Happens just before the next write is looked at. */
  before: (() => void) | undefined;
  /** Whether the answer to the next write is lost, after the write was made or before. */
  loses: 'after' | 'before' | undefined;
  /** Somebody else writes. */
  readonly change: (change: Partial<Row>) => void;
  readonly bodies: () => readonly unknown[];
}

async function serve(method: string, apply: Apply, { rev = false, shows = false } = {}): Promise<Table> {
  let version = 1;
  const shown = (): Row | undefined => (table.row && rev ? { ...table.row, rev: version } : table.row);
  const server = await startJsonServer((call) => {
    const headers = rev ? {} : { etag: `"v${String(version)}"` };
    if (call.method === 'GET') return table.row ? { status: 200, headers, body: shown() } : { status: 404 };
    const { before, loses } = table;
    [table.before, table.loses] = [undefined, undefined];
    before?.();
    if (loses === 'before') return { status: 502 };
    const said: unknown = JSON.parse(call.text);
    const isNew = call.headers['if-none-match'] === '*';
    if (call.path === '/rows') return { status: 409 };
    if (!table.row && !isNew) return { status: 404 };
    if (!table.row) {
      table.row = said as Row;
      return { status: 201 };
    }
    if (isNew) return { status: 412 };
    if (call.method !== method) return { status: 405 };
    if (!rev && call.headers['if-match'] !== `"v${String(version)}"`) return { status: 412 };
    const next = apply(shown() ?? first, said) as Row | undefined;
    if (!next || (rev && next.rev !== version)) return { status: 409 };
    table.row = next;
    version += 1;
    if (loses === 'after') return { status: 502 };
    return shows
      ? { status: 200, headers: rev ? {} : { etag: `"v${String(version)}"` }, body: shown() }
      : { status: 204, headers: rev ? {} : { etag: `"v${String(version)}"` } };
  });
  const table: Table = Object.assign(server, {
    row: first,
    before: undefined,
    loses: undefined,
    change(change: Partial<Row>) {
      if (table.row) table.row = { ...table.row, ...change };
      version += 1;
    },
    bodies: () =>
      table.calls.filter((call) => call.text !== '').map((call): unknown => JSON.parse(call.text)),
  });
  return table;
}

const retry = { delay: () => 0, jitter: false };

function handle({ origin }: Table, server: Server, more: RouteOptions = {}) {
  const route = { merge: threeWay(), retry, ...more, server } as RouteOptions<Row>;
  const api = createClient({ baseUrl: `${origin}/`, routes: { 'rows/:id': route } });
  return { api, row: api.resource('rows/:id', { id: 1 }) };
}

const valued = [mergePatch({ null: 'value', shallow: true })];

/** Each kind of server, and how a route says what it is like. */
const kinds: readonly (readonly [string, string, Apply, Server])[] = [
  ['PATCH of columns', 'PATCH', columns, { replace: 'PATCH', patches: valued }],
  ['PATCH of columns that nothing is said of', 'PATCH', columns, { replace: 'PATCH' }],
  ['a merge patch', 'PATCH', members, { replace: 'PATCH' }],
  [
    'the smallest merge patch',
    'PATCH',
    members,
    { replace: 'PATCH', patches: [mergePatch({ smallest: true })] },
  ],
  ['a JSON Patch', 'PATCH', operations, { replace: 'PATCH', patches: [jsonPatch()] }],
  ['PUT of a part', 'PUT', columns, { means: 'part' }],
  ['POST of a part', 'POST', columns, { means: 'part', replace: 'POST', methods: ['POST'] }],
];

describe.each(kinds)('a handle on a server that takes %s', (_, method, apply, server) => {
  it('sends what its update changes, and nothing that it doesn’t', async () => {
    const table = await serve(method, apply);
    const { row } = handle(table, server);
    const result = await row.update((draft) => {
      draft.title = 'b';
    });
    expect(result).toMatchObject({ outcome: 'applied', value: { ...first, title: 'b' } });
    expect(table.row).toEqual({ ...first, title: 'b' });
    expect(table.log).toEqual(['GET /rows/1 200', `${method} /rows/1 204`]);
    expect(JSON.stringify(table.bodies())).not.toContain('lang');
  });

  it('keeps what others have changed, in the members that it changes, too', async () => {
    const table = await serve(method, apply);
    const { row } = handle(table, server);
    const seen = await row.read();
    table.before = () => table.change({ title: 'ben', settings: { theme: 'light', lang: 'de', zoom: 2 } });
    const value = { ...seen.value, settings: { theme: 'dark', lang: 'de' } };
    const result = await row.replace(value, { base: seen });
    expect(result.outcome).toBe('merged');
    expect(table.row).toEqual({ ...first, title: 'ben', settings: { theme: 'dark', lang: 'de', zoom: 2 } });
    expect(result.value).toEqual(table.row);
  });

  it('has a recipe made on the newer state, whatever members that changes', async () => {
    const table = await serve(method, apply);
    const { row } = handle(table, server);
    table.before = () => table.change({ title: 'ben', settings: { theme: 'light', lang: 'fr', zoom: 2 } });
    await row.update((draft) => {
      if (draft.title === 'ben' && draft.settings) draft.settings.theme = 'dark';
      else draft.title = 'ann';
    });
    expect(table.row).toEqual({ ...first, title: 'ben', settings: { theme: 'dark', lang: 'fr', zoom: 2 } });
  });

  it.each(['before', 'after'] as const)(
    'finds out what became of it when its answer is lost %s',
    async (when) => {
      const table = await serve(method, apply);
      const { row } = handle(table, server);
      const seen = await row.read();
      table.loses = when;
      const result = await row.replace({ ...seen.value, title: 'b' }, { base: seen });
      expect(result.outcome).toBe(when === 'after' ? 'already-applied' : 'applied');
      expect(result.value).toEqual({ ...first, title: 'b' });
      expect(table.log.filter((line) => line.startsWith(method))).toHaveLength(when === 'after' ? 1 : 2);
    },
  );

  it('goes on from its own result, under the version that the server shows', async () => {
    for (const shows of [true, false]) {
      const table = await serve(method, apply, { shows });
      const { row } = handle(table, server);
      const one = await row.update((draft) => {
        draft.title = 'b';
      });
      const two = await row.replace({ ...given(one.value), title: 'c' }, { base: one });
      await row.update((draft) => {
        draft.title += 'd';
      });
      expect(two.value).toEqual({ ...first, title: 'c' });
      expect(table.row).toEqual({ ...first, title: 'cd' });
      expect(table.log.some((line) => line.endsWith('412'))).toBe(false);
    }
  });

  it('writes nothing without what was read', async () => {
    const table = await serve(method, apply);
    const { row } = handle(table, server);
    const options = { base: undefined, headers: { 'if-match': '"v1"' } };
    expect(await rejectionOf(row.replace(first, options))).toMatchObject({ code: 'base-unknown' });
    expect(table.log).toEqual([]);
  });

  it('begins with a read where its base has no version', async () => {
    const table = await serve(method, apply);
    const { row } = handle(table, server);
    table.change({ title: 'ben' });
    await row.replace({ ...first, due: '2027-01-01' }, { base: structuredClone(first) });
    expect(table.row).toEqual({ ...first, title: 'ben', due: '2027-01-01' });
    expect(table.log).toEqual(['GET /rows/1 200', `${method} /rows/1 204`]);
  });

  it('writes a person’s answer in the same way', async () => {
    const table = await serve(method, apply);
    const { row } = handle(table, server);
    const seen = await row.read();
    table.change({ title: 'ben' });
    const error = await rejectionOf(row.replace({ ...seen.value, title: 'ann' }, { base: seen }));
    const { remote, resume } = questionIn(error);
    table.before = () => table.change({ due: '2028-01-01' });
    await resume({ ...(remote as Row), title: 'both' });
    expect(table.row).toEqual({ ...first, title: 'both', due: '2028-01-01' });
  });

  it('changes what exists already where it was to be created', async () => {
    const table = await serve(method, apply);
    const merge = keepLocal();
    const create = {
      method: 'POST',
      at: () => '/rows',
      find: () => `${table.origin}/rows/1`,
    } as const;
    const { row } = handle(table, { ...server, create }, { merge, onConflict: { exists: 'merge' } });
    const result = await row.create({ ...first, title: 'c' });
    expect(result.outcome).toBe('merged');
    expect(table.log.at(-1)).toBe(`${method} /rows/1 204`);
    expect(table.row?.title).toBe('c');
  });
});

describe('a handle that writes by PATCH', () => {
  it('keeps the rest of a column that it changes, whatever the server does with it', async () => {
    for (const apply of [columns, members]) {
      const table = await serve('PATCH', apply);
      await handle(table, { replace: 'PATCH' }).row.update((draft) => {
        if (draft.settings) draft.settings.theme = 'dark';
      });
      expect(table.row).toEqual({ ...first, settings: { theme: 'dark', lang: 'de' } });
    }
  });

  it('knows its own state again, by a merge that may not be repeated', async () => {
    const table = await serve('PATCH', columns);
    const { row } = handle(table, { replace: 'PATCH' }, { merge: ({ local }) => local });
    const seen = await row.read();
    table.loses = 'after';
    const result = await row.replace({ ...seen.value, title: 'b' }, { base: seen });
    expect(result).toMatchObject({ outcome: 'already-applied', version: '"v2"' });
  });

  const azure = { replace: 'PATCH', patches: [jsonPatch()], conflictStatuses: [409] } as const;

  it('tests the version of the base in a JSON Patch, whatever version the value holds', async () => {
    const table = await serve('PATCH', operations, { rev: true });
    const { row } = handle(table, azure, { version: field('/rev') });
    const seen = await row.read();
    table.change({ due: '2027-01-01' });
    const result = await row.replace({ ...seen.value, title: 'b', rev: 9 }, { base: seen });
    const patch = (rev: number) => [
      { op: 'test', path: '/rev', value: rev },
      { op: 'replace', path: '/title', value: 'b' },
    ];
    expect(table.bodies()).toEqual([patch(1), patch(2)]);
    expect(result).toMatchObject({ outcome: 'merged', value: { title: 'b', due: '2027-01-01' } });
  });

  it('sends a null where that is a value, and refuses to send one where it may mean a removal', async () => {
    const plain = await serve('PATCH', members);
    const recipe = (draft: Row): void => {
      draft.due = null;
    };
    const error = await rejectionOf(handle(plain, { replace: 'PATCH' }).row.update(recipe));
    expect(error).toMatchObject({ code: 'patch-error' });
    expect(String(error)).toContain('At a null');
    expect(plain.log).toEqual(['GET /rows/1 200']);
    const table = await serve('PATCH', columns);
    await handle(table, { replace: 'PATCH', patches: valued }).row.update(recipe);
    expect(table.row).toEqual({ ...first, due: null });
  });

  it('removes a member where the format can', async () => {
    const remove = (draft: Row): void => {
      delete draft.due;
    };
    for (const [apply, patches] of [
      [members, [mergePatch()]],
      [operations, [jsonPatch()]],
    ] as const) {
      const table = await serve('PATCH', apply);
      await handle(table, { replace: 'PATCH', patches }).row.update(remove);
      expect(table.row).toEqual({ title: first.title, settings: first.settings });
    }
    const table = await serve('PATCH', columns);
    const error = await rejectionOf(handle(table, { replace: 'PATCH', patches: valued }).row.update(remove));
    expect(String(error)).toContain('At a removal');
    expect(table.log).toEqual(['GET /rows/1 200']);
  });

  it('takes a format of the user’s', async () => {
    const table = await serve('PATCH', (state, body) => {
      const { set = {} } = body as { set?: object };
      return { ...state, ...set };
    });
    const named = ({ set = {} }: { set?: object }, before: unknown): object => ({
      ...(before as object),
      ...set,
    });
    const { row } = handle(table, {
      replace: 'PATCH',
      patches: [
        {
          types: ['application/vnd.set+json'],
          apply: (patch, base, remote) => ({
            kind: 'patched',
            value: named(patch as object, base ?? remote),
          }),
          between: ({ remote, merged }) => {
            const was = remote as Record<string, unknown>;
            const changed = Object.entries(merged as object).filter(([name, value]) => was[name] !== value);
            return { kind: 'patched', value: { set: Object.fromEntries(changed) as object } };
          },
          asserted: () => ({}),
          under: () => undefined,
        },
      ],
    });
    table.before = () => table.change({ due: '2027-01-01' });
    await row.update((draft) => {
      draft.title = 'b';
    });
    expect(table.row).toMatchObject({ title: 'b', due: '2027-01-01' });
    expect(table.calls.at(-1)?.headers['content-type']).toBe('application/vnd.set+json');
  });

  it('leaves the caller’s own patches as they are', async () => {
    const table = await serve('PATCH', columns);
    const { row } = handle(table, { replace: 'PATCH', patches: valued });
    const seen = await row.read();
    table.change({ title: 'ben' });
    await row.patch({ due: '2027-01-01' }, { base: seen });
    expect(table.bodies()).toEqual([{ due: '2027-01-01' }, { due: '2027-01-01' }]);
    expect(table.row).toEqual({ ...first, title: 'ben', due: '2027-01-01' });
  });
});

describe('a PUT of a part', () => {
  it('keeps, after a conflict, what it doesn’t name', async () => {
    const table = await serve('PUT', columns);
    const { api } = handle(table, { means: 'part' });
    const seen = await api.get('rows/1').json<Row>();
    table.change({ title: 'ben', settings: { theme: 'light', lang: 'de', zoom: 2 } });
    const json: unknown = { settings: { theme: 'dark' } };
    await api.put('rows/1', { json: json as Row, base: seen });
    // The caller's object says no language, so there is none: each member is meant as a whole.
    expect(table.row).toEqual({ ...first, title: 'ben', settings: { theme: 'dark', zoom: 2 } });
    expect(table.bodies().at(-1)).toEqual({ settings: { theme: 'dark', zoom: 2 } });
  });

  it('removes nothing, and says so before anything is sent', async () => {
    const table = await serve('PUT', columns);
    const { row } = handle(table, { means: 'part' });
    const seen = await row.read();
    const error = await rejectionOf(row.replace({ title: 'b' }, { base: seen }));
    expect(error).toMatchObject({ code: 'patch-error' });
    expect(table.log).toEqual(['GET /rows/1 200']);
  });

  it('creates the whole state, and creates it anew', async () => {
    const table = await serve('PUT', columns);
    const { row } = handle(table, { means: 'part' }, { onConflict: { gone: 'recreate' } });
    table.row = undefined;
    expect(await row.create(first)).toMatchObject({ outcome: 'applied', value: first });
    const seen = await row.read();
    table.row = undefined;
    await row.replace({ ...seen.value, title: 'b' }, { base: seen });
    expect(table.row).toEqual({ ...first, title: 'b' });
  });
});
