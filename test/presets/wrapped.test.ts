import { threeWay, withConflictRecovery } from 'remerge';
import { elasticsearch, kubernetes } from 'remerge/presets';
import { describe, expect, it } from 'vitest';
import { reportOf } from '../support/write.ts';
import { script } from './script.ts';
import { origin } from './network.ts';
import { json, type Document } from './wire.ts';

const url = `${origin}/notes/_doc/1`;
const shown = (_source: Document, _seq_no: number) =>
  json(200, { _id: '1', _seq_no, _primary_term: 7, _source });
const stale = () => json(409, { error: { type: 'version_conflict_engine_exception' } });
const headers = { 'content-type': 'application/json' };

describe('a wrapped fetch, where a read wraps the state', () => {
  it('gives the caller the answer as it is, and remembers the state inside as the base', async () => {
    const server = script(
      shown({ title: 'Groceries', body: 'Milk' }, 1),
      stale(),
      shown({ title: 'Groceries', body: 'Milk, eggs' }, 2),
      json(200, { result: 'updated' }),
    );
    const recovering = withConflictRecovery(fetch, {
      defaults: { merge: threeWay(), server: elasticsearch() },
    });
    const seen = (await (await recovering(url)).json()) as { readonly _seq_no: number };
    expect(seen).toMatchObject({ _id: '1', _source: { title: 'Groceries' } });
    const body = JSON.stringify({ title: 'Food', body: 'Milk' });
    const response = await recovering(`${url}?if_seq_no=1&if_primary_term=7`, {
      method: 'PUT',
      headers,
      body,
    });
    expect(reportOf(response).outcome).toBe('merged');
    expect(server.sent[3]).toMatchObject({
      path: '/notes/_doc/1?if_seq_no=2&if_primary_term=7',
      body: { title: 'Food', body: 'Milk, eggs' },
    });
  });

  it('stops at an answer without a state in it', async () => {
    script(stale(), json(200, { _seq_no: 2, _primary_term: 7, found: false }));
    const recovering = withConflictRecovery(fetch, {
      defaults: { merge: threeWay(), server: elasticsearch() },
    });
    const response = await recovering(`${url}?if_seq_no=1&if_primary_term=7`, {
      method: 'PUT',
      headers,
      body: '{}',
    });
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'malformed-body' });
  });
});

describe('a delete with options of its own', () => {
  it('keeps them beside the version of now', async () => {
    const pod = { metadata: { name: 'pod', resourceVersion: '8' } };
    const refusal = json(409, { kind: 'Status', reason: 'Conflict', code: 409 });
    const server = script(refusal, json(200, pod), json(200, { status: 'Success' }));
    const recovering = withConflictRecovery(fetch, {
      defaults: { merge: threeWay(), onConflict: { changed: 'delete' }, server: kubernetes() },
    });
    const options = { propagationPolicy: 'Orphan', preconditions: { uid: 'f1', resourceVersion: '7' } };
    await recovering(`${origin}/api/v1/pods/pod`, {
      method: 'DELETE',
      headers,
      body: JSON.stringify(options),
    });
    expect(server.sent[2]?.body).toEqual({
      propagationPolicy: 'Orphan',
      preconditions: { uid: 'f1', resourceVersion: '8' },
    });
  });
});
