import { absent, withConflictRecovery, type FieldCarrier } from 'remerge';
import { describe, expect, it } from 'vitest';
import { startJsonServer, type Call, type Reply } from '../support/json-server.ts';
import { reportOf } from '../support/write.ts';

// OData's JSON batch: https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#_Toc38457781. It
// says 200 whatever became of each request in it.

interface Item {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}
interface Batch {
  readonly requests: readonly [Item];
}

function service(entity: Readonly<Record<string, unknown>>) {
  const state = { entity, tag: 1 };
  const change = (more: object): void =>
    void Object.assign(state, { entity: { ...state.entity, ...more }, tag: state.tag + 1 });
  const reply = ({ method, text }: Call): Reply => {
    const tag = `W/"${String(state.tag)}"`;
    if (method === 'GET') return { status: 200, body: { '@odata.etag': tag, ...state.entity } };
    const [{ id, headers, body }] = (JSON.parse(text) as Batch).requests;
    const isStale = headers['if-match'] !== tag;
    if (!isStale) change(body);
    return { status: 200, body: { responses: [{ id, status: isStale ? 412 : 204 }] } };
  };
  return { reply, change, state };
}

const tag: FieldCarrier = {
  in: 'document',
  get: (document) =>
    (document as { '@odata.etag'?: string })['@odata.etag'] ??
    (document as Partial<Batch>).requests?.[0].headers['if-match'] ??
    absent,
  put(document, part) {
    const { requests } = document as Partial<Batch>;
    if (!requests) return document;
    const headers = { ...requests[0].headers, 'if-match': part === absent ? '' : String(part) };
    return { requests: [{ ...requests[0], headers }] };
  },
};

const batch = (body: Item['body'], etag: string): Batch => ({
  requests: [{ id: '1', method: 'PATCH', url: 'Notes(1)', headers: { 'if-match': etag }, body }],
});

describe('a change in a batch of OData', () => {
  it('that is stale under a 200 goes out again in a batch, with the tag of now', async () => {
    const { reply, change, state } = service({ title: 'Groceries', body: 'Milk' });
    const { origin, log, calls } = await startJsonServer(reply);
    change({ body: 'Milk, eggs' });
    const recovering = withConflictRecovery(fetch, {
      defaults: {
        // What is changed isn't the whole: the same change goes out under the tag of now.
        merge: ({ local }: { readonly local: Batch }) => local,
        methods: ['POST'],
        version: tag,
        server: {
          conflictStatuses: [200],
          classify: (_, body) =>
            (body as { responses: { status: number }[] }).responses.some(({ status }) => status === 412)
              ? 'stale'
              : undefined,
          readFrom: (url, { value }) => new URL((value as Batch).requests[0].url, url),
        },
      },
    });

    const response = await recovering(`${origin}/service/$batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch({ title: 'Food' }, 'W/"1"')),
    });

    expect(log).toEqual([
      'POST /service/$batch 200',
      'GET /service/Notes(1) 200',
      'POST /service/$batch 200',
    ]);
    expect(state.entity).toEqual({ title: 'Food', body: 'Milk, eggs' });
    expect(JSON.parse(calls[2]?.text ?? '')).toEqual(batch({ title: 'Food' }, 'W/"2"'));
    expect(reportOf(response)).toMatchObject({ outcome: 'merged', version: 'W/"2"' });
  });
});
