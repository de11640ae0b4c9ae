import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  createClient,
  field,
  recoveryOf,
  threeWay,
  withConflictRecovery,
  type RouteOptions,
  type Server,
} from 'remerge';
import { describe, expect, it, onTestFinished } from 'vitest';
import { questionIn } from '../support/question.ts';
import { rejectionOf } from '../support/write.ts';

interface Note {
  title: string;
  tag: string;
  n: number;
  rev?: number;
}

const first: Note = { title: 'a', tag: 'x', n: 1 };

/** XML of one level, as far as the tests need it. */
const xml = {
  parse: (said: string): Note => {
    const members = [...said.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name = '', value]) => [
      name,
      name === 'n' || name === 'rev' ? Number(value) : value,
    ]);
    if (!said.startsWith('<note>')) throw new SyntaxError('No note');
    return Object.fromEntries(members) as Note;
  },
  stringify: (value: unknown): string =>
    `<note>${Object.entries(value as object)
      .map(([name, member]) => `<${name}>${String(member)}</${name}>`)
      .join('')}</note>`,
};

/** A form knows nothing but texts. */
const form = {
  parse: (said: string): unknown => Object.fromEntries(new URLSearchParams(said)),
  stringify: (value: unknown): string => String(new URLSearchParams(value as Record<string, string>)),
};

const amz = 'application/x-amz-json-1.1';
type Text = (value: unknown) => string;

interface Store {
  readonly origin: string;
  note: Note | undefined;
  /** The method, content type, body and status of each request. */
  readonly log: string[];
  before: (() => void) | undefined;
  loses: boolean;
  readonly change: (more: Partial<Note>) => void;
}

/** A server that shows one type, and takes another. It compares by If-Match, or by a member of what it takes. */
async function serve(
  shown: string,
  taken: string,
  show: Text,
  take: (said: string) => unknown,
  isInBody = false,
) {
  let version = 1;
  const http = createServer((request, response) => {
    void text(request).then((said) => {
      const { method = '', headers } = request;
      const end = (status: number, body = ''): void => {
        const type = headers['content-type'];
        store.log.push([method, type, said, status].filter(Boolean).join(' '));
        const more = body && { 'content-type': `${shown}; charset=utf-8` };
        response
          .writeHead(status, { ...more, ...(!isInBody && { etag: `"v${String(version)}"` }) })
          .end(body);
      };
      const state = store.note && (isInBody ? { ...store.note, rev: version } : store.note);
      if (method === 'GET') {
        end(state ? 200 : 404, state && show(state));
        return;
      }
      const { before, loses } = store;
      store.before = undefined;
      before?.();
      if (headers['content-type']?.startsWith(taken) !== true) {
        end(415);
        return;
      }
      const next = take(said) as Omit<Note, 'n'> & { readonly n: unknown };
      const named = isInBody ? String(next.rev) : headers['if-match'];
      if (!store.note && !headers['if-none-match']) {
        end(404);
        return;
      }
      if (
        headers['if-none-match']
          ? store.note
          : named !== (isInBody ? String(version) : `"v${String(version)}"`)
      ) {
        end(412, show({ code: 'Stale' }));
        return;
      }
      store.note = { ...next, n: Number(next.n) };
      version += 1;
      store.loses = false;
      end(loses ? 502 : 204);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const store: Store = {
    origin: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`,
    note: first,
    log: [],
    before: undefined,
    loses: false,
    change(more) {
      if (store.note) store.note = { ...store.note, ...more };
      version += 1;
    },
  };
  return store;
}

const retry = { delay: () => 0, jitter: false };

function handle({ origin }: Store, server: Server, more: RouteOptions = {}) {
  const route = { merge: threeWay(), retry, ...more, server } as RouteOptions<Note>;
  return createClient({ baseUrl: origin, routes: { 'notes/:id': route } }).resource('notes/:id', { id: 1 });
}

const kinds: readonly (readonly [string, () => Promise<Store>, Server])[] = [
  [
    'JSON by another name',
    () => serve(amz, amz, JSON.stringify, JSON.parse),
    { formats: { [amz]: JSON }, writes: amz },
  ],
  [
    'XML',
    () => serve('application/xml', 'application/xml', xml.stringify, xml.parse),
    { formats: { 'application/xml': xml }, writes: 'application/xml' },
  ],
  [
    'JSON, and takes forms',
    () => serve('application/json', 'application/x-www-form-urlencoded', JSON.stringify, form.parse),
    {
      formats: { 'application/x-www-form-urlencoded': form },
      writes: 'application/x-www-form-urlencoded',
    },
  ],
  [
    'JSON, and takes it by another name',
    () => serve('application/json', 'application/vnd.note', JSON.stringify, JSON.parse),
    { formats: { 'application/vnd.note': JSON }, writes: 'application/vnd.note' },
  ],
];

describe.each(kinds)('a handle on a server that shows %s', (_, start, server) => {
  it('reads and writes values, of the types that they are of', async () => {
    const store = await start();
    const note = handle(store, server);
    expect(await note.read()).toMatchObject({ value: first, version: '"v1"' });
    const result = await note.update((draft) => {
      draft.n += 1;
    });
    expect(result).toMatchObject({ outcome: 'applied', value: { ...first, n: 2 } });
    expect(store.note).toEqual({ ...first, n: 2 });
    await note.replace({ ...first, n: 3 }, { base: result });
    expect(store.note).toEqual({ ...first, n: 3 });
  });

  it('merges values', async () => {
    const store = await start();
    const note = handle(store, server);
    const seen = await note.read();
    store.before = () => store.change({ tag: 'ben', n: 5 });
    const result = await note.replace({ ...seen.value, title: 'ann' }, { base: seen });
    expect(result).toMatchObject({ outcome: 'merged', value: { title: 'ann', tag: 'ben', n: 5 } });
    expect(store.note).toEqual({ title: 'ann', tag: 'ben', n: 5 });
    store.before = () => store.change({ n: 7 });
    await note.update((draft) => {
      draft.n *= 2;
    });
    expect(store.note).toEqual({ title: 'ann', tag: 'ben', n: 14 });
  });

  it('knows a lost write again', async () => {
    const store = await start();
    const note = handle(store, server);
    const seen = await note.read();
    store.loses = true;
    const result = await note.replace({ ...seen.value, n: 2 }, { base: seen });
    expect(result).toMatchObject({ outcome: 'already-applied', value: { ...first, n: 2 }, version: '"v2"' });
  });

  it('creates, and creates anew', async () => {
    const store = await start();
    const note = handle(store, server, { onConflict: { gone: 'recreate' } });
    store.note = undefined;
    expect(await note.create(first)).toMatchObject({ outcome: 'applied', value: first });
    expect(store.note).toEqual(first);
    const seen = await note.read();
    store.note = undefined;
    await note.replace({ ...seen.value, n: 2 }, { base: seen });
    expect(store.note).toEqual({ ...first, n: 2 });
  });

  it('writes a person’s answer, and goes on from there', async () => {
    const store = await start();
    const note = handle(store, server);
    const seen = await note.read();
    store.change({ title: 'ben' });
    const error = await rejectionOf(note.replace({ ...seen.value, title: 'ann' }, { base: seen }));
    const { remote, resume } = questionIn(error);
    expect(remote).toEqual({ ...first, title: 'ben' });
    store.before = () => store.change({ n: 4 });
    await resume({ ...(remote as Note), title: 'both' });
    expect(store.note).toEqual({ ...first, title: 'both', n: 4 });
  });
});

describe('a format', () => {
  const bodies = { formats: { 'application/xml': xml } };
  const start = (isInBody = false) =>
    serve('application/xml', 'application/xml', xml.stringify, xml.parse, isInBody);

  it('has a wrapped fetch merge texts as values, and answer in texts', async () => {
    const store = await start();
    const api = withConflictRecovery(fetch, { defaults: { merge: threeWay(), retry, server: bodies } });
    const address = `${store.origin}/notes/1`;
    const read = await api(address);
    expect(await read.text()).toBe(xml.stringify(first));
    store.change({ tag: 'ben' });
    const headers = { 'content-type': 'application/xml', 'if-match': read.headers.get('etag') ?? '' };
    const body = xml.stringify({ ...first, title: 'ann' });
    const saved = await api(address, { method: 'PUT', headers, body });
    // The base was remembered under its version.
    expect(recoveryOf(saved)).toMatchObject({ outcome: 'merged' });
    expect(store.note).toEqual({ ...first, title: 'ann', tag: 'ben' });
    const again = await api(address, { method: 'PUT', headers, body });
    expect(recoveryOf(again)).toMatchObject({ outcome: 'unchanged' });
    expect(again.headers.get('content-type')).toContain('application/xml');
    expect(await again.text()).toBe(xml.stringify(store.note));
  });

  it('finds the version in a body, and puts it there', async () => {
    const store = await start(true);
    const note = handle(store, { ...bodies, conflictStatuses: [412] }, { version: field('/rev') });
    const seen = await note.read();
    expect(seen.version).toBe('1');
    store.change({ tag: 'ben' });
    await note.replace({ ...seen.value, title: 'ann', rev: 9 }, { base: seen });
    expect(store.note).toEqual({ ...first, title: 'ann', tag: 'ben', rev: 2 });
    expect(store.log[1]).toContain('<rev>1</rev>');
  });

  it('shows a refusal as a value', async () => {
    const store = await start();
    const heard: unknown[] = [];
    const note = handle(store, {
      ...bodies,
      classify(_response, body) {
        heard.push(body);
        return undefined;
      },
    });
    const seen = await note.read();
    store.change({ tag: 'ben' });
    await note.replace({ ...seen.value, n: 2 }, { base: seen });
    expect(heard).toEqual([{ code: 'Stale' }]);
  });

  it('that can’t read a body ends the read', async () => {
    const store = await serve('application/xml', 'application/xml', () => '<html/>', xml.parse);
    const error = await rejectionOf(handle(store, bodies).read());
    expect(error).toMatchObject({ code: 'malformed-body' });
  });
});
