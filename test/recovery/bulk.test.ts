import {
  defineMerge,
  absent,
  createClient,
  withConflictRecovery,
  type FieldCarrier,
  type MergeContext,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { startJsonServer, type Call, type Reply } from '../support/json-server.ts';
import { rejectionOf, reportOf } from '../support/write.ts';

// CouchDB's bulk API, which says 201 whatever became of each document: https://docs.couchdb.org/en/stable/api/database/bulk-api.html

interface Doc {
  readonly _id: string;
  readonly _rev?: string;
  readonly n: number;
}
interface Bulk {
  readonly docs: readonly Doc[];
}
interface AllDocs {
  readonly rows: readonly { readonly doc: Doc }[];
}

function couch(...docs: readonly Doc[]) {
  const stored = new Map(docs.map((doc) => [doc._id, doc]));
  const writes: string[] = [];
  const put = (doc: Doc): Doc => {
    const saved = { ...doc, _rev: `${String(Number.parseInt(doc._rev ?? '0', 10) + 1)}-x` };
    stored.set(doc._id, saved);
    writes.push(`${saved._id} ${saved._rev}`);
    return saved;
  };
  const reply = ({ path, text }: Call): Reply => {
    const { pathname, searchParams } = new URL(path, 'http://couch.test');
    if (pathname === '/db/_all_docs') {
      const ids = JSON.parse(searchParams.get('keys') ?? '[]') as readonly string[];
      return { status: 200, body: { rows: ids.map((id) => ({ id, key: id, doc: stored.get(id) })) } };
    }
    const results = (JSON.parse(text) as Bulk).docs.map((doc) => {
      if (stored.get(doc._id)?._rev !== doc._rev)
        return { id: doc._id, error: 'conflict', reason: 'Document update conflict.' };
      return { ok: true, id: doc._id, rev: put(doc)._rev };
    });
    return { status: 201, body: results };
  };
  return { reply, put, writes, values: () => [...stored.values()].map(({ n }) => n) };
}

/** All `_rev`s together are the version of what is written together. */
const revs: FieldCarrier = {
  in: 'document',
  get(document) {
    const { docs, rows } = document as Partial<Bulk & AllDocs>;
    const all = docs ?? rows?.map(({ doc }) => doc) ?? [];
    return all.every(({ _rev }) => _rev) ? JSON.stringify(all.map(({ _id, _rev }) => [_id, _rev])) : absent;
  },
  put(document, part) {
    const of = new Map(part === absent ? [] : (JSON.parse(String(part)) as [string, string][]));
    const { docs } = document as Bulk;
    const renewed = docs.map((doc) => ({ ...doc, _rev: of.get(doc._id) }));
    return { docs: renewed };
  },
};

/** Only what isn't there yet. */
const missing = ({ local, remote }: MergeContext<Bulk>): Bulk => ({
  docs: local.docs.filter((doc) => remote.docs.find(({ _id }) => _id === doc._id)?.n !== doc.n),
});

const route = {
  methods: ['POST'],
  version: revs,
  server: {
    conflictStatuses: [201],
    classify(_: Response, body: unknown) {
      const results = body as readonly { readonly ok?: boolean; readonly error?: string }[];
      if (results.every(({ error }) => error !== 'conflict')) return undefined;
      return results.some(({ ok }) => ok) ? ('partial' as const) : ('stale' as const);
    },
    readFrom(url: URL, { value }: { readonly value: unknown }) {
      const keys = JSON.stringify((value as Bulk).docs.map(({ _id }) => _id));
      return new URL(`_all_docs?include_docs=true&keys=${encodeURIComponent(keys)}`, url);
    },
    unwrap: (body: unknown) => ({ docs: (body as AllDocs).rows.map(({ doc }) => doc) }),
  },
  merge: missing,
};

const old = [
  { _id: 'a', _rev: '1-x', n: 1 },
  { _id: 'b', _rev: '1-x', n: 1 },
] as const;
const wanted = { docs: old.map((doc) => ({ ...doc, n: doc.n + 10 })) };
const read = 'GET /db/_all_docs?include_docs=true&keys=["a","b"] 200';

const init = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(wanted),
};

async function started(isOvertaken: 'a' | 'b' | 'both' | 'none') {
  const db = couch(...old);
  const server = await startJsonServer(db.reply);
  for (const doc of old) if (isOvertaken === doc._id || isOvertaken === 'both') db.put({ ...doc, n: 2 });
  db.writes.length = 0;
  return { ...db, ...server };
}

describe('a bulk of documents, of which one conflicts under a 201', () => {
  it('has that one written again, and the one that was made is not made twice', async () => {
    const { origin, log, writes, values } = await started('b');
    const recovering = withConflictRecovery(fetch, {
      defaults: { ...route, merge: defineMerge(missing, { repeatable: true }) },
    });
    const response = await recovering(`${origin}/db/_bulk_docs`, init);
    expect(log).toEqual(['POST /db/_bulk_docs 201', read, 'POST /db/_bulk_docs 201']);
    expect(writes).toEqual(['a 2-x', 'b 3-x']);
    expect(values()).toEqual([11, 11]);
    expect(reportOf(response).outcome).toBe('merged');
  });

  it('ends as unknown where a second merge could do harm, and says that some of it may have been made', async () => {
    const { origin, log, writes } = await started('b');
    const response = await withConflictRecovery(fetch, { defaults: route })(`${origin}/db/_bulk_docs`, init);
    expect(log).toEqual(['POST /db/_bulk_docs 201', read]);
    expect(writes).toEqual(['a 2-x']);
    expect(reportOf(response)).toMatchObject({
      outcome: 'failed',
      code: 'outcome-unknown',
      maybeApplied: true,
    });
    // It is still the server's own answer.
    expect(await response.json()).toMatchObject([{ ok: true }, { error: 'conflict' }]);
  });

  it('tells the merge that it may be made already', async () => {
    const { origin } = await started('a');
    const seen: boolean[] = [];
    const merge = (context: MergeContext<Bulk>) => {
      seen.push(context.maybeApplied);
      return missing(context);
    };
    const recovering = withConflictRecovery(fetch, {
      defaults: { ...route, merge: defineMerge(merge, { repeatable: true }) },
    });
    await recovering(`${origin}/db/_bulk_docs`, init);
    expect(seen).toEqual([true]);
  });

  it('is an error of a client, whatever its status says', async () => {
    const { origin } = await started('b');
    const api = createClient({ baseUrl: origin, routes: { 'db/_bulk_docs': route } });
    const error = await rejectionOf(api.post('db/_bulk_docs', { json: wanted }));
    expect(error).toMatchObject({ code: 'outcome-unknown', recovery: { maybeApplied: true } });
    const { response } = error as { response: Response };
    expect([response.status, await response.json()]).toMatchObject([
      201,
      [{ ok: true }, { error: 'conflict' }],
    ]);
  });
});

describe('a client that throws for no status', () => {
  it('resolves to a conflict under a 201, and its report tells', async () => {
    const { origin } = await started('b');
    const api = createClient({ baseUrl: origin, throwHttpErrors: false, routes: { 'db/_bulk_docs': route } });
    const response = await api.post('db/_bulk_docs', { json: wanted });
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'outcome-unknown' });
  });
});

describe('a bulk of documents, of which', () => {
  it('all conflict is merged by any merge: nothing of it was made', async () => {
    const { origin, writes } = await started('both');
    const response = await withConflictRecovery(fetch, { defaults: route })(`${origin}/db/_bulk_docs`, init);
    expect(writes).toEqual(['a 3-x', 'b 3-x']);
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
  });

  it('none conflicts is one request', async () => {
    const { origin, log } = await started('none');
    const response = await withConflictRecovery(fetch, { defaults: route })(`${origin}/db/_bulk_docs`, init);
    expect(log).toEqual(['POST /db/_bulk_docs 201']);
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
  });
});
