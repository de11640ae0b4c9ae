import { createClient, field, header, query, threeWay, type RouteOptions, type Server } from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { rejectionOf } from '../support/write.ts';

interface Note {
  readonly title: string;
  readonly body?: string;
}

/** A server with a version that stands for 'nothing is there yet', and the place in which a write says a version. */
interface Kind {
  readonly facts: Server;
  readonly fresh: string;
  readonly says: (request: Request, body: Record<string, unknown>) => unknown;
}

const kinds: Readonly<Record<string, Kind>> = {
  'a member of the body, by POST': {
    facts: {
      version: { read: field('/rev'), write: field('/cas') },
      methods: ['POST'],
      replace: 'POST',
      create: { method: 'POST', version: 0 },
    },
    fresh: '0',
    says: (_, { cas }) => cas,
  },
  'a header': {
    facts: {
      version: { read: field('/rev'), write: header('If-Generation') },
      create: { version: 0 },
    },
    fresh: '0',
    says: ({ headers }) => headers.get('if-generation'),
  },
  'a word in a header': {
    facts: { version: { read: field('/rev'), write: header('If-Match') }, create: { version: 'null_etag' } },
    fresh: 'null_etag',
    says: ({ headers }) => headers.get('if-match'),
  },
  'the query': {
    facts: { version: { read: field('/rev'), write: query('cas') }, create: { version: 0 } },
    fresh: '0',
    says: ({ url }) => new URL(url).searchParams.get('cas'),
  },
};

function serverOf({ facts, says, fresh }: Kind, options: Partial<RouteOptions<Note>> = {}) {
  let state: (Note & { readonly rev: number }) | undefined;
  const log: string[] = [];
  let lose = 0;
  const write = (note: Note) => (state = { ...note, rev: (state?.rev ?? 0) + 1 });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { method } = request;
    if (method === 'GET') {
      log.push(`GET ${state ? '200' : '404'}`);
      return state ? Response.json(state) : new Response('', { status: 404 });
    }
    const { cas, ...note } = (await request.clone().json()) as Record<string, unknown>;
    delete note.rev;
    const said = String(says(request, { cas }));
    const isFine = said === (state ? String(state.rev) : fresh) && !request.headers.has('if-none-match');
    if (isFine) write(note as unknown as Note);
    log.push(`${method} ${said} ${isFine ? 'made' : 'refused'}`);
    if (lose-- > 0) return new Response('', { status: 502 });
    return isFine ? Response.json(state) : new Response('', { status: 409 });
  };
  const clock = new VirtualClock();
  const route: RouteOptions<Note> = { merge: threeWay<Note>(), server: facts, ...options };
  const api = createClient({ baseUrl: 'https://api.test/', fetch, clock, routes: { 'notes/:id': route } });
  return {
    ...{ log, write, clock, api },
    note: api.resource('notes/:id', { id: '42' }),
    method: facts.replace ?? 'PUT',
    current: () => state,
    remove: () => (state = undefined),
    loseNext: () => (lose = 1),
  };
}

describe.each(Object.entries(kinds))('a version that stands for nothing, in %s', (_, kind) => {
  const { fresh } = kind;

  it('is carried by a create, and the next write goes on from what that made', async () => {
    const { note, log, method, current } = serverOf(kind);
    const made = await note.create({ title: 'a' });
    expect(made.outcome).toBe('applied');
    await note.replace({ title: 'b' }, { base: made });
    expect(current()).toMatchObject({ title: 'b', rev: 2 });
    expect(log.filter((line) => line.includes('made'))).toEqual([
      `${method} ${fresh} made`,
      `${method} 1 made`,
    ]);
  });

  it('has a create told that it exists, and overwrites nothing; or merges where the route says so', async () => {
    const failing = serverOf(kind);
    failing.write({ title: 'theirs' });
    expect(await rejectionOf(failing.note.create({ title: 'a' }))).toMatchObject({ code: 'exists' });
    expect(failing.current()).toMatchObject({ title: 'theirs' });

    const exists = 'merge';
    const server = { ...kind.facts, create: { ...kind.facts.create, find: ({ url }: { url: URL }) => url } };
    const merging = serverOf(kind, {
      onConflict: { exists },
      merge: ({ remote }) => ({ ...remote, body: 'b' }),
      server,
    });
    merging.write({ title: 'theirs' });
    await merging.clock.run(merging.note.create({ title: 'a' }));
    expect(merging.current()).toMatchObject({ title: 'theirs', body: 'b', rev: 2 });
  });

  it('is sent again where the answer was lost before the resource was made, and makes it once', async () => {
    const { note, clock, loseNext, current } = serverOf(kind);
    loseNext();
    const saved = await clock.run(note.create({ title: 'a' }).catch((error: unknown) => error));
    expect(current()).toMatchObject({ title: 'a', rev: 1 });
    expect(saved).toMatchObject({ code: expect.stringMatching(/exists|outcome-unknown/) as string });
  });

  it('is carried where a resource that is gone is made again', async () => {
    const { note, log, write, remove, clock, current, method } = serverOf(kind, {
      onConflict: { gone: 'recreate' },
    });
    write({ title: 'a' });
    const base = await note.read();
    remove();
    await clock.run(note.replace({ title: 'b' }, { base }));
    expect(current()).toMatchObject({ title: 'b', rev: 1 });
    expect(log.at(-1)).toBe(`${method} ${fresh} made`);
  });
});

describe('a version in a filter of the query', () => {
  it('is written and read with the prefix of the filter', async () => {
    const { log, note, write, current } = serverOf({
      facts: { version: { read: field('/rev'), write: query('rev', { prefix: 'eq.' }) }, readOnly: ['/rev'] },
      fresh: 'none',
      says: ({ url }) => new URL(url).searchParams.get('rev')?.replace('eq.', ''),
    });
    write({ title: 'a' });
    const base = await note.read();
    write({ title: 'a', body: 'theirs' });
    await note.replace({ title: 'b' }, { base });
    expect(current()).toMatchObject({ title: 'b', body: 'theirs', rev: 3 });
    expect(log).toEqual(['GET 200', 'PUT 1 refused', 'GET 200', 'PUT 2 made']);
  });
});
