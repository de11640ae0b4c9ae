import { absent, withConflictRecovery, type FieldCarrier, type MergeContext } from 'remerge';
import { describe, expect, it } from 'vitest';
import { startJsonServer, type Call, type Reply } from '../support/json-server.ts';
import { reportOf } from '../support/write.ts';

// etcd's JSON gateway: https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/. Keys and values are base64, numbers of 64 bits
// are text, and what is false isn't said: of a transaction whose comparison fails there is no `succeeded`.

type Settings = Readonly<Record<string, unknown>>;
interface Compare {
  readonly key: string;
  readonly result: 'EQUAL';
  readonly target: 'MOD';
  readonly mod_revision: string;
}
interface Txn {
  readonly compare: readonly Compare[];
  readonly success: readonly { readonly request_put: { readonly key: string; readonly value: string } }[];
}
interface Range {
  readonly kvs?: readonly { readonly mod_revision: string; readonly value: string }[];
}

const key = btoa('settings');
const encode = (value: Settings): string => btoa(JSON.stringify(value));
const decode = (value: string | undefined): Settings => JSON.parse(atob(value ?? '')) as Settings;

/** One key of an etcd. */
function etcd(value: Settings) {
  const state = { value: encode(value), revision: 7 };
  const change = (next: Settings): void =>
    void Object.assign(state, { value: encode(next), revision: state.revision + 1 });
  const reply = ({ path, text }: Call): Reply => {
    const header = { revision: String(state.revision) };
    if (path === '/v3/kv/range') {
      const asked = JSON.parse(text) as { readonly key: string };
      const kvs = [{ key, mod_revision: String(state.revision), value: state.value }];
      return { status: 200, body: asked.key === key ? { header, kvs, count: '1' } : { header } };
    }
    const { compare, success } = JSON.parse(text) as Txn;
    if (compare[0]?.mod_revision !== String(state.revision)) return { status: 200, body: { header } };
    change(decode(success[0]?.request_put.value));
    return { status: 200, body: { header, succeeded: true, responses: [{}] } };
  };
  return { reply, change, value: () => decode(state.value) };
}

/** The revision that a read shows, and the one that a transaction compares. */
const revision: FieldCarrier = {
  in: 'document',
  get: (document) => {
    const { kvs, compare } = document as Range & Partial<Txn>;
    return (kvs ?? compare)?.[0]?.mod_revision ?? absent;
  },
  put(document, part) {
    const txn = document as Txn;
    const [compare] = (document as Partial<Txn>).compare ?? [];
    if (!compare) return document;
    return { ...txn, compare: [{ ...compare, mod_revision: part === absent ? '0' : String(part) }] };
  },
};

const txn = (value: Settings, mod: string): Txn => ({
  compare: [{ key, result: 'EQUAL', target: 'MOD', mod_revision: mod }],
  success: [{ request_put: { key, value: encode(value) } }],
});

const settingsIn = ({ success }: Txn): Settings => decode(success[0]?.request_put.value);

function recovering() {
  return withConflictRecovery(fetch, {
    defaults: {
      merge: ({ local, remote }: MergeContext<Txn>) =>
        txn({ ...settingsIn(remote), ...settingsIn(local) }, ''),
      methods: ['POST'],
      version: revision,
      server: {
        conflictStatuses: [200],
        classify: (_, body) => ((body as { succeeded?: boolean }).succeeded ? undefined : 'stale'),
        readFrom: (url, { value }) =>
          new Request(new URL('/v3/kv/range', url), {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ key: (value as Txn).compare[0]?.key }),
          }),
        // A read shows the value, and a write is the transaction that puts it there.
        unwrap: (body) =>
          txn(decode((body as Range).kvs?.[0]?.value), String((body as Range).kvs?.[0]?.mod_revision)),
      },
    },
  });
}

const post = (origin: string, body: Txn): Promise<Response> =>
  recovering()(`${origin}/v3/kv/txn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer t' },
    body: JSON.stringify(body),
  });

describe('a transaction of etcd', () => {
  it('that fails under a 200 is merged with the value that is there, read by POST, under its revision', async () => {
    const { reply, change, value } = etcd({ theme: 'light' });
    const { origin, log, calls } = await startJsonServer(reply);
    change({ theme: 'light', size: 12 });

    const response = await post(origin, txn({ theme: 'dark' }, '7'));

    expect(log).toEqual(['POST /v3/kv/txn 200', 'POST /v3/kv/range 200', 'POST /v3/kv/txn 200']);
    expect(value()).toEqual({ theme: 'dark', size: 12 });
    expect(reportOf(response)).toMatchObject({
      outcome: 'merged',
      version: '8',
      attempts: [
        { status: 200, version: '7' },
        { status: 200, version: '8' },
      ],
    });
    expect(JSON.parse(calls[1]?.text ?? '')).toEqual({ key });
    expect(calls[1]?.headers).toMatchObject({ authorization: 'Bearer t', 'cache-control': 'no-cache' });
  });

  it('that succeeds is one request, and its answer is still to be read', async () => {
    const { reply } = etcd({ theme: 'light' });
    const { origin, log } = await startJsonServer(reply);
    const response = await post(origin, txn({ theme: 'dark' }, '7'));
    expect(log).toHaveLength(1);
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
    expect(await response.json()).toMatchObject({ succeeded: true });
  });
});
