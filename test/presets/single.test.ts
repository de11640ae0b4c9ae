import {
  createClient,
  keepLocal,
  threeWay,
  withConflictRecovery,
  type Merge,
  type RouteOptions,
} from 'remerge';
import {
  commercetools,
  consul,
  cosmos,
  fhir,
  github,
  kubernetes,
  mediawiki,
  odata,
  stripe,
  vault,
  webdav,
} from 'remerge/presets';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { rejectionOf } from '../support/write.ts';
import { script } from './script.ts';
import { origin } from './network.ts';
import { empty, json, type Document } from './wire.ts';

function open(route: RouteOptions<Document>, path: string, clock = new VirtualClock()) {
  const api = createClient({ baseUrl: origin, clock, routes: { '*': route } });
  const note = api.resource('*', { '*': path });
  return { note, clock };
}

// https://docs.github.com/en/rest/repos/contents#create-or-update-file-contents
describe('github', () => {
  const path = 'repos/ann/notes/contents/list.txt';
  // As GitHub has it: in lines, with much beside it that no write takes.
  const file = (text: string, sha: string) =>
    json(
      200,
      { type: 'file', encoding: 'base64', size: 9, name: 'list.txt', content: `${btoa(text)}\n`, sha },
      { etag: 'W/"decoy"' },
    );
  const lines = ({ content }: Document): readonly string[] => atob(String(content)).split('\n');
  const merge: Merge<Document> = ({ local, remote }) => ({
    ...local,
    content: btoa([...new Set([...lines(remote), ...lines(local)])].join('\n')),
  });
  const change = { message: 'Add eggs', content: btoa('Milk\nEggs') };

  it('has a stale write merged by what the base64 says, under the new sha', async () => {
    const server = script(
      file('Milk', 'aaa1'),
      json(409, { message: 'list.txt does not match aaa1', status: '409' }),
      file('Milk\nTea', 'bbb2'),
      json(200, { content: { sha: 'ccc3' }, commit: { sha: 'ddd4' } }),
    );
    const { note } = open({ merge, server: github({ branch: 'drafts' }) }, path);
    const base = await note.read();
    expect(base.value).toEqual({ content: btoa('Milk'), sha: 'aaa1' });
    const saved = await note.replace({ ...change, branch: 'drafts' }, { base });
    expect(saved.outcome).toBe('merged');
    expect(server.sent[1]?.body).toEqual({ ...change, branch: 'drafts', sha: 'aaa1' });
    expect(server.sent[3]?.body).toEqual({
      ...change,
      branch: 'drafts',
      content: btoa('Milk\nTea\nEggs'),
      sha: 'bbb2',
    });
    expect(server.sent.map(({ method, path }) => `${method} ${path.split('?')[1] ?? ''}`)).toEqual([
      'GET ref=drafts',
      'PUT ',
      'GET ref=drafts',
      'PUT ',
    ]);
  });

  it.each(['refs/heads/main expected to be at e765', 'list.txt: is at e765 but expected 484a'])(
    'sends the same again where the branch moved by another file: %s',
    async (message) => {
      const server = script(
        file('Milk', 'aaa1'),
        json(409, { message }),
        json(200, { content: { sha: 'ccc3' }, commit: {} }),
      );
      const { note, clock } = open({ merge, server: github() }, path);
      const base = await note.read();
      await clock.run(note.replace(change, { base }));
      expect(server.sent[2]?.text).toBe(server.sent[1]?.text);
    },
  );

  it.each([
    [409, 'Repository rule violations found'],
    [409, 'Git Repository is empty.'],
    [422, 'Validation Failed'],
  ])('lets a %i stand that no merge solves: %s', async (status, message) => {
    const server = script(file('Milk', 'aaa1'), json(status, { message }));
    const { note } = open({ merge, server: github() }, path);
    const base = await note.read();
    expect(await rejectionOf(note.replace(change, { base }))).toMatchObject({ code: 'not-a-conflict' });
    expect(server.sent).toHaveLength(2);
  });

  it('says of a file that was to be new that it exists', async () => {
    script(json(422, { message: 'Invalid request.\n\n"sha" wasn\'t supplied.' }));
    const { note } = open({ merge, server: github() }, path);
    expect(await rejectionOf(note.create(change))).toMatchObject({ code: 'exists' });
  });

  it('finds a commit that was made by its content, whose message no read shows', async () => {
    const server = script(
      file('Milk', 'aaa1'),
      json(502, { message: 'Server Error' }),
      file('Milk\nEggs', 'bbb2'),
    );
    const { note, clock } = open({ merge, server: github() }, path);
    const base = await note.read();
    const saved = await clock.run(note.replace(change, { base }));
    expect(saved.outcome).toBe('already-applied');
    expect(server.sent).toHaveLength(3);
  });

  it('takes no file for empty that is too large to be shown', async () => {
    const large = {
      type: 'file',
      encoding: 'none',
      size: 1_500_000,
      name: 'list.txt',
      content: '',
      sha: 'aaa1',
    };
    const server = script(json(200, large), json(200, large), json(200, [{ type: 'file', name: 'a' }]));
    const { note } = open({ merge, server: github() }, path);
    const update = note.update((file) => ({ ...file, message: 'Add', content: btoa('more') }));
    expect(await rejectionOf(update)).toMatchObject({ code: 'malformed-body' });
    expect(await rejectionOf(note.read())).toMatchObject({ code: 'malformed-body' });
    expect(await rejectionOf(note.read())).toMatchObject({ code: 'malformed-body' });
    expect(server.sent.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
  });

  it('deletes under the sha, with a message and from the branch', async () => {
    const server = script(file('Milk', 'aaa1'), json(200, { content: null, commit: {} }));
    const { note } = open({ merge, server: github({ branch: 'drafts' }) }, path);
    await note.delete({ base: await note.read() });
    expect(server.sent[1]).toMatchObject({
      method: 'DELETE',
      body: { message: 'Delete a file', branch: 'drafts', sha: 'aaa1' },
    });
  });
});

// https://learn.microsoft.com/en-us/graph/api/resources/planner-overview#planner-resource-versioning
describe('odata', () => {
  const details = (description: string, tag: string) =>
    json(200, { '@odata.etag': tag, description, previewType: 'automatic' }, { etag: tag });
  const newer = 'The request conflicts with a newer version of the item.';
  const refusal = (message: string) => json(409, { error: { code: '', message } });
  const path = 'planner/tasks/1/details';
  const headers = { 'content-type': 'application/json' };

  it('merges where Planner says by 409 that there is a newer version', async () => {
    const server = script(details('a', 'W/"1"'), refusal(newer), details('b', 'W/"2"'), empty(204));
    const { note } = open({ merge: threeWay(), server: odata() }, path);
    const base = await note.read();
    const saved = await note.patch({ previewType: 'checklist' }, { base, headers });
    expect(saved.outcome).toBe('merged');
    expect(server.sent.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET', 'PATCH']);
  });

  it('lets any other 409 stand', async () => {
    const server = script(details('a', 'W/"1"'), refusal('A rule is broken.'));
    const { note } = open({ merge: threeWay(), server: odata() }, path);
    const base = await note.read();
    const error = await rejectionOf(note.patch({ previewType: 'checklist' }, { base, headers }));
    expect(error).toMatchObject({ code: 'not-a-conflict' });
    expect(server.sent).toHaveLength(2);
  });
});

// https://hl7.org/fhir/http.html#create
describe('fhir', () => {
  it('creates by no PUT, which may overwrite', async () => {
    const server = script();
    const { note } = open({ merge: threeWay(), server: fhir() }, 'Patient/1');
    expect(String(await rejectionOf(note.create({ resourceType: 'Patient' })))).toMatch(/creates by a POST/);
    expect(server.sent).toEqual([]);
  });
});

// https://learn.microsoft.com/en-us/rest/api/cosmos-db/http-status-codes-for-cosmosdb
describe('cosmos', () => {
  it('creates what it was asked to try again, once', async () => {
    const made = { id: '1', title: 'a', _etag: '"1"' };
    const server = script(json(449, { code: 'RetryWith' }), json(201, made));
    const { note, clock } = open({ merge: threeWay(), server: cosmos() }, 'dbs/d/colls/c/docs/1');
    const saved = await clock.run(note.create({ id: '1', title: 'a' }));
    expect(saved).toMatchObject({ outcome: 'applied', value: made });
    expect(server.sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /dbs/d/colls/c/docs',
      'POST /dbs/d/colls/c/docs',
    ]);
  });
});

// https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusDetails
describe('kubernetes, where another object is the matter', () => {
  const path = 'api/v1/namespaces/d/persistentvolumeclaims/x';
  const claim = (version: string, storage: string) => ({
    metadata: { name: 'x', resourceVersion: version },
    spec: { storage },
  });
  const conflict = (kind: string, name: string) =>
    json(409, { kind: 'Status', reason: 'Conflict', code: 409, details: { kind, name } });

  it('waits for a conflict about a quota, and sends the same again', async () => {
    const server = script(
      json(200, claim('5', '1Gi')),
      conflict('resourcequotas', 'storage'),
      json(200, claim('6', '2Gi')),
    );
    const { note, clock } = open({ merge: threeWay(), server: kubernetes() }, path);
    const base = await note.read();
    const saved = await clock.run(note.replace(claim('5', '2Gi'), { base }));
    expect(saved.outcome).toBe('applied');
    expect(server.sent[2]?.text).toBe(server.sent[1]?.text);
  });

  it('creates again after such a conflict, and takes it for no object that exists', async () => {
    const server = script(conflict('resourcequotas', 'storage'), json(201, claim('1', '1Gi')));
    const { note, clock } = open({ merge: threeWay(), server: kubernetes() }, path);
    const saved = await clock.run(note.create({ metadata: { name: 'x' }, spec: { storage: '1Gi' } }));
    expect(saved.outcome).toBe('applied');
    expect(server.sent.map(({ method }) => method)).toEqual(['POST', 'POST']);
  });
});

// https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#create-update-secret
describe('vault', () => {
  const path = 'v1/secret/data/app';
  const secret = (data: Document, version: number) =>
    json(200, { data: { data, metadata: { version, created_time: '2026-01-01T00:00:00Z' } } });
  const wrong = json(400, { errors: ['check-and-set parameter did not match the current version'] });

  it('changes by a POST under the version that was read, and merges where another was quicker', async () => {
    const server = script(
      secret({ a: '1', b: '1' }, 3),
      wrong.clone(),
      secret({ a: '1', b: 'ben' }, 4),
      json(200, { data: { version: 5 } }),
    );
    const { note } = open({ merge: threeWay(), server: vault() }, path);
    const base = await note.read();
    expect(base.value).toEqual({ data: { a: '1', b: '1' } });
    const saved = await note.replace({ data: { a: '2', b: '1' } }, { base });
    expect(saved.outcome).toBe('merged');
    expect(server.sent.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'POST']);
    expect(server.sent[1]?.body).toEqual({ options: { cas: 3 }, data: { a: '2', b: '1' } });
    expect(server.sent[3]?.body).toEqual({ options: { cas: 4 }, data: { a: '2', b: 'ben' } });
  });

  it('creates under version 0, and is told that there is a secret', async () => {
    const server = script(json(200, { data: { version: 1 } }), wrong.clone());
    const { note } = open({ merge: threeWay(), server: vault() }, path);
    await note.create({ data: { a: '1' } });
    expect(server.sent[0]?.body).toEqual({ options: { cas: 0 }, data: { a: '1' } });
    expect(await rejectionOf(note.create({ data: { a: '1' } }))).toMatchObject({ code: 'exists' });
  });

  it('deletes nothing by a handle, as a DELETE checks no version', async () => {
    const server = script(secret({ a: '1' }, 3));
    const { note } = open({ merge: threeWay(), server: vault() }, path);
    const base = await note.read();
    expect(await rejectionOf(note.delete({ base }))).toMatchObject({ code: 'no-version' });
    expect(server.sent).toHaveLength(1);
  });

  it('lets any other 400 stand', async () => {
    script(secret({ a: '1' }, 3), json(400, { errors: ['no data provided'] }));
    const { note } = open({ merge: threeWay(), server: vault() }, path);
    const base = await note.read();
    const error = await rejectionOf(note.replace({ data: { a: '2' } }, { base }));
    expect(error).toMatchObject({ code: 'not-a-conflict' });
  });
});

// https://developer.hashicorp.com/consul/api-docs/kv
describe('consul', () => {
  const path = 'v1/kv/app';
  const pair = (value: Document, index: number) => {
    const text = String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)));
    return json(200, [{ Key: 'app', Flags: 0, Value: btoa(text), CreateIndex: 5, ModifyIndex: index }]);
  };
  const paths = (server: ReturnType<typeof script>) =>
    server.sent.map(({ method, path }) => `${method} ${path}`);

  it('writes under the index that was read, and merges where the answer is false', async () => {
    const server = script(
      pair({ a: 'é', b: 1 }, 7),
      json(200, false),
      pair({ a: 'é', b: 2 }, 9),
      json(200, true),
    );
    const { note } = open({ merge: threeWay(), server: consul() }, path);
    const base = await note.read();
    const saved = await note.replace({ a: 'ö', b: 1 }, { base });
    expect(saved).toMatchObject({ outcome: 'merged', version: undefined });
    expect(paths(server)).toEqual(
      ['GET', 'PUT', 'GET', 'PUT'].map(
        (method, index) => `${method} /${path}${['', '?cas=7', '', '?cas=9'][index] ?? ''}`,
      ),
    );
    expect(server.sent[3]?.body).toEqual({ a: 'ö', b: 2 });
  });

  it('creates under index 0, and is told that there is such a key', async () => {
    const server = script(json(200, true), json(200, false));
    const { note } = open({ merge: threeWay(), server: consul() }, path);
    await note.create({ a: 1 });
    expect(await rejectionOf(note.create({ a: 1 }))).toMatchObject({ code: 'exists' });
    expect(paths(server)).toEqual([`PUT /${path}?cas=0`, `PUT /${path}?cas=0`]);
  });
});

// https://www.mediawiki.org/wiki/API:REST_API/Reference#Update_page
describe('mediawiki', () => {
  const path = 'w/rest.php/v1/page/Sandbox';
  const page = (source: string, id: number) =>
    json(
      200,
      { id: 7, key: 'Sandbox', title: 'Sandbox', latest: { id, timestamp: '2026-01-01T00:00:00Z' }, source },
      { etag: `W/"${id}"` },
    );

  it('sends what a write takes and nothing else, and the revision that a merge was made on', async () => {
    const server = script(
      page('Milk', 11),
      json(409, { errorKey: 'edit-conflict', httpCode: 409 }),
      page('Tea\nMilk', 12),
      page('Tea\nMilk\nEggs', 13),
    );
    const merge: Merge<Document> = ({ local, remote }) => ({
      ...local,
      source: `${String(remote.source)}\nEggs`,
    });
    const { note } = open({ merge, server: mediawiki() }, path);
    const base = await note.read();
    await note.replace({ source: 'Milk\nEggs', comment: 'Eggs' }, { base });
    expect(server.sent[1]?.body).toEqual({ source: 'Milk\nEggs', comment: 'Eggs', latest: { id: 11 } });
    expect(server.sent[3]?.body).toEqual({ source: 'Tea\nMilk\nEggs', comment: 'Eggs', latest: { id: 12 } });
  });

  it('goes on from what the wiki merged by itself', async () => {
    const server = script(
      page('Milk', 11),
      page('Tea\nMilk\nEggs', 13),
      page('Tea\nMilk\nEggs', 13),
      page('Tea', 14),
    );
    const { note } = open({ merge: keepLocal(), server: mediawiki() }, path);
    const base = await note.read();
    expect((await note.replace({ source: 'Milk\nEggs', comment: '' }, { base })).outcome).toBe('applied');
    await note.update(() => ({ source: 'Tea', comment: '' }));
    expect(server.sent.at(-1)?.body).toEqual({ source: 'Tea', comment: '', latest: { id: 13 } });
  });

  it('finds an edit that was made by its source, whose comment and token no read shows', async () => {
    const server = script(page('Milk', 11), json(503, {}), page('Milk\nEggs', 12));
    const { note, clock } = open({ merge: keepLocal(), server: mediawiki() }, path);
    const base = await note.read();
    const edit = { source: 'Milk\nEggs', comment: 'Eggs', token: '+\\' };
    expect((await clock.run(note.replace(edit, { base }))).outcome).toBe('already-applied');
    expect(server.sent).toHaveLength(3);
  });

  it('stops within three requests at a page that exists, if that is how it was to be created', async () => {
    script(json(409, { errorKey: 'rest-update-cannot-create-page' }));
    const { note } = open({ merge: keepLocal(), server: mediawiki() }, path);
    expect(await rejectionOf(note.create({ source: '', comment: '' }))).toMatchObject({ code: 'exists' });
  });
});

// https://docs.commercetools.com/api/general-concepts#optimistic-concurrency-control
describe('commercetools', () => {
  const path = 'shop/carts/c1';
  const cart = (version: number): Response => json(200, { id: 'c1', version, lineItems: [] });
  const actions = [{ action: 'setCustomerEmail', email: 'ann@example.com' }];
  const stale = (): Response =>
    json(409, { statusCode: 409, errors: [{ code: 'ConcurrentModification', currentVersion: 4 }] });

  it('has its actions sent again by POST, under the version of now', async () => {
    const server = script(cart(3), stale(), cart(4), cart(5));
    const { note } = open({ merge: keepLocal(), server: commercetools() }, path);
    const base = await note.read();
    await note.replace({ actions }, { base });
    expect(server.log).toEqual([
      'GET /shop/carts/c1 200',
      'POST /shop/carts/c1 409',
      'GET /shop/carts/c1 200',
      'POST /shop/carts/c1 200',
    ]);
    expect(server.sent[1]?.body).toEqual({ actions, version: 3 });
    expect(server.sent[3]?.body).toEqual({ actions, version: 4 });
  });

  it('is told in the query which version to delete', async () => {
    const server = script(cart(3), cart(3));
    const { note } = open({ merge: keepLocal(), server: commercetools() }, path);
    await note.delete({ base: await note.read() });
    expect(server.log.at(-1)).toBe('DELETE /shop/carts/c1?version=3 200');
  });

  it('lets a conflict of another kind stand', async () => {
    script(cart(3), json(409, { errors: [{ code: 'LockedField' }] }));
    const { note } = open({ merge: keepLocal(), server: commercetools() }, path);
    const base = await note.read();
    expect(await rejectionOf(note.replace({ actions }, { base }))).toMatchObject({ code: 'not-a-conflict' });
  });
});

// https://docs.stripe.com/error-codes
describe('stripe', () => {
  const pay = (clock: VirtualClock): Promise<Response> => {
    const stripes = withConflictRecovery(fetch, {
      clock,
      defaults: { merge: keepLocal(), server: stripe() },
    });
    const body = new URLSearchParams({ amount: '500', currency: 'eur' });
    return clock.run(stripes(`${origin}/v1/charges`, { method: 'POST', body }));
  };
  const refusal = (code: string) => json(409, { error: { type: 'invalid_request_error', code } });

  it('sends the same once more, under the same key, while the first is at work', async () => {
    const server = script(refusal('idempotency_key_in_use'), json(200, { id: 'ch_1' }));
    expect((await pay(new VirtualClock())).status).toBe(200);
    const [first, second] = server.sent;
    expect(first?.headers.get('idempotency-key')).toBeTruthy();
    expect(second?.headers.get('idempotency-key')).toBe(first?.headers.get('idempotency-key'));
    expect(second?.text).toBe(first?.text);
  });

  it('sends the same once more while another request holds the object', async () => {
    const server = script(
      json(429, { error: { type: 'invalid_request_error', code: 'lock_timeout' } }),
      json(200, { id: 'ch_1' }),
    );
    expect((await pay(new VirtualClock())).status).toBe(200);
    expect(server.sent[1]?.headers.get('idempotency-key')).toBe(
      server.sent[0]?.headers.get('idempotency-key'),
    );
  });

  it('leaves too many requests to whoever slows them down', async () => {
    const server = script(json(429, { error: { code: 'rate_limit' } }));
    expect((await pay(new VirtualClock())).status).toBe(429);
    expect(server.sent).toHaveLength(1);
  });

  it('lets any other conflict stand', async () => {
    const server = script(refusal('account_closed'));
    expect((await pay(new VirtualClock())).status).toBe(409);
    expect(server.sent).toHaveLength(1);
  });
});

describe('webdav, at an Apache', () => {
  const file = (body: unknown, tag: string) => json(200, body, { etag: tag });

  it('waits for a tag to be strong again, and writes under that', async () => {
    const server = script(
      file({ a: 1 }, '"v1"'),
      empty(412),
      file({ a: 1, b: 2 }, 'W/"v2"'),
      file({ a: 1, b: 2 }, '"v2"'),
      empty(204),
    );
    const { note, clock } = open({ merge: threeWay<Document>(), server: webdav() }, 'dav/note');
    const base = await note.read();
    const from = clock.now();
    const saved = await clock.run(note.replace({ a: 9 }, { base }));
    expect(saved.outcome).toBe('merged');
    expect(clock.now() - from).toBeGreaterThanOrEqual(1_000);
    expect(server.sent.at(-1)?.headers.get('if-match')).toBe('"v2"');
  });

  it('writes what was made of a state whose tag was weak, after another look', async () => {
    const server = script(file({ a: 1 }, 'W/"v1"'), file({ a: 1 }, '"v1"'), empty(204));
    const { note, clock } = open({ merge: threeWay<Document>(), server: webdav() }, 'dav/note');
    const base = await note.read();
    const saved = await clock.run(note.replace({ a: 9 }, { base }));
    expect(saved.outcome).toBe('applied');
    expect(server.sent.at(-1)?.headers.get('if-match')).toBe('"v1"');
  });

  it('gives up on a tag that stays weak, and writes nothing', async () => {
    const weak = () => file({ a: 1 }, 'W/"v1"');
    const server = script(weak(), weak(), weak(), weak(), weak());
    const { note, clock } = open({ merge: threeWay<Document>(), server: webdav() }, 'dav/note');
    const base = await note.read();
    expect(await rejectionOf(clock.run(note.replace({ a: 9 }, { base })))).toMatchObject({
      code: 'version-weak',
    });
    expect(server.log.filter((line) => line.startsWith('PUT'))).toEqual([]);
    expect(server.sent).toHaveLength(4);
  });
});

describe('kubernetes', () => {
  it('is told the version of a delete in the preconditions of its options, without a look', async () => {
    const pod = { metadata: { name: 'pod', resourceVersion: '7' } };
    const server = script(json(200, pod), json(200, { kind: 'Status', status: 'Success' }));
    const { note } = open({ merge: keepLocal(), server: kubernetes() }, 'api/v1/pods/pod');
    await note.delete({ base: await note.read() });
    expect(server.sent[1]?.body).toEqual({ preconditions: { resourceVersion: '7' } });
    expect(server.sent[1]?.headers.get('content-type')).toBe('application/json');
  });
});
