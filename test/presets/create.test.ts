import { createClient, threeWay, type Resource, type RouteOptions } from 'remerge';
import { azureTable, contentful, cosmos, couchdb, elasticsearch } from 'remerge/presets';
import { github, googleStorage, kubernetes, mediawiki, placement, type Server } from 'remerge/presets';
import { describe, expect, it } from 'vitest';
import { rejectionOf } from '../support/write.ts';
import { script } from './script.ts';
import { origin } from './network.ts';
import { empty, json, type Document } from './wire.ts';

function open(preset: Server, path: string, more: RouteOptions<Document> = {}): Resource<Document> {
  const route: RouteOptions<Document> = { merge: threeWay<Document>(), server: preset, ...more };
  const api = createClient({ baseUrl: origin, routes: { '*': route } });
  return api.resource('*', { '*': path });
}

const taken = (reason: string): Response => json(409, { kind: 'Status', reason, code: 409 });

describe('to create what exists', () => {
  it.each([
    ['couchdb', couchdb(), 'db/note', json(409, { error: 'conflict' })],
    ['contentful', contentful(), 'entries/note', json(409, { sys: { id: 'VersionMismatch' } })],
    ['kubernetes', kubernetes(), 'api/v1/pods/note', taken('AlreadyExists')],
    ['cosmos', cosmos(), 'dbs/d/colls/c/docs/note', json(409, { code: 'Conflict' })],
    [
      'azureTable',
      azureTable(),
      "notes(PartitionKey='p',RowKey='1')",
      json(409, { 'odata.error': { code: 'EntityAlreadyExists' } }),
    ],
    [
      'elasticsearch',
      elasticsearch(),
      'notes/_doc/1',
      json(409, { error: { type: 'version_conflict_engine_exception' } }),
    ],
  ])('ends at once at %s, as nobody said what to do then', async (_, preset, path, refusal) => {
    const server = script(refusal);
    expect(await rejectionOf(open(preset, path).create({ title: 'Food' }))).toMatchObject({
      code: 'exists',
    });
    expect(server.sent).toHaveLength(1);
  });

  it('adopts it where it stands, at a server that creates elsewhere', async () => {
    const there = { metadata: { name: 'note', resourceVersion: '7' }, data: { title: 'Groceries' } };
    const server = script(taken('AlreadyExists'), json(200, there));
    const note = open(kubernetes(), 'api/v1/configmaps/note', { onConflict: { exists: 'adopt' } });
    const { outcome, value } = await note.create({ metadata: { name: 'note' }, data: {} });
    expect([outcome, value]).toEqual(['unchanged', there]);
    expect(server.log).toEqual(['POST /api/v1/configmaps 409', 'GET /api/v1/configmaps/note 200']);
  });

  it('merges onto it where it stands, under its version', async () => {
    const server = script(
      json(409, { error: { type: 'version_conflict_engine_exception' } }),
      json(200, { _seq_no: 4, _primary_term: 2, _source: { title: 'Food' } }),
      json(200, { result: 'updated' }),
    );
    const merge: RouteOptions<Document>['merge'] = ({ local, remote }) => ({ ...remote, ...local });
    const note = open(elasticsearch(), 'notes/_doc/1', { merge, onConflict: { exists: 'merge' } });
    expect((await note.create({ body: 'Milk' })).outcome).toBe('merged');
    expect(server.log).toEqual([
      'PUT /notes/_create/1 409',
      'GET /notes/_doc/1 200',
      'PUT /notes/_doc/1?if_seq_no=4&if_primary_term=2 200',
    ]);
    expect(server.sent[2]?.body).toEqual({ title: 'Food', body: 'Milk' });
  });
});

describe('a put without a version, where that creates', () => {
  const refusals: [string, Server, string, Response][] = [
    ['couchdb', couchdb(), 'db/note', json(409, { error: 'conflict' })],
    ['contentful', contentful(), 'entries/note', json(409, { sys: { id: 'VersionMismatch' } })],
    ['github', github(), 'repos/a/b/contents/c', json(422, { message: '"sha" wasn\'t supplied.' })],
    ['mediawiki', mediawiki(), 'page/note', json(409, { errorKey: 'rest-update-cannot-create-page' })],
    [
      'placement',
      placement({ of: 'consumer' }),
      'allocations/note',
      json(409, { errors: [{ code: 'placement.concurrent_update' }] }),
    ],
  ];

  it.each(refusals)('is told at %s that there is one', async (_, preset, path, refusal) => {
    const server = script(refusal);
    const api = createClient({ baseUrl: origin, routes: { '*': { server: preset } } });
    const made = api.put(path, { json: { title: 'Food', consumer_generation: null } });
    expect(await rejectionOf(made)).toMatchObject({ code: 'exists' });
    expect(server.sent).toHaveLength(1);
  });

  it('is told elsewhere that it names no version', async () => {
    script(json(409, { errors: [{ code: 'placement.concurrent_update' }] }));
    const api = createClient({ baseUrl: origin, routes: { '*': { server: placement() } } });
    const made = api.put('resource_providers/note', { json: {} });
    expect(await rejectionOf(made)).toMatchObject({ code: 'no-version' });
  });
});

describe('what was created elsewhere', () => {
  it('is a base for a write to where it stands, under the version that it shows', async () => {
    const made = { metadata: { name: 'note', resourceVersion: '7' }, data: { title: 'Food' } };
    const server = script(json(201, made), json(200, made));
    const note = open(kubernetes(), 'api/v1/configmaps/note');
    const base = await note.create({ metadata: { name: 'note' }, data: { title: 'Food' } });
    await note.replace({ metadata: { name: 'note' }, data: { title: 'Feast' } }, { base });
    expect(server.log).toEqual(['POST /api/v1/configmaps 201', 'PUT /api/v1/configmaps/note 200']);
  });

  it('is created there again, once it is gone and the route says so', async () => {
    const there = { _seq_no: 4, _primary_term: 2, _source: { title: 'Food' } };
    const server = script(json(200, there), empty(404), empty(404), json(201, { result: 'created' }));
    const note = open(elasticsearch(), 'notes/_doc/1', { onConflict: { gone: 'recreate' } });
    const base = await note.read();
    await note.replace({ title: 'Feast' }, { base });
    // A PUT to its own address would overwrite what somebody else has made there meanwhile.
    expect(server.log.at(-1)).toBe('PUT /notes/_create/1 201');
  });
});

// https://docs.openstack.org/api-ref/placement/#update-allocations
describe('placement, for a consumer', () => {
  const path = 'allocations/note';
  const consumer = () => open(placement({ of: 'consumer' }), path);

  it('creates with a generation of null, and is told that there are allocations', async () => {
    const refusal = json(409, { errors: [{ code: 'placement.concurrent_update' }] });
    const server = script(new Response(null, { status: 204 }), refusal);
    await consumer().create({ allocations: { a: {} } });
    expect(server.sent[0]?.body).toEqual({ allocations: { a: {} }, consumer_generation: null });
    expect(await rejectionOf(consumer().create({ allocations: { a: {} } }))).toMatchObject({
      code: 'exists',
    });
  });

  it('finds nothing where the allocations were removed', async () => {
    script(json(200, { allocations: {} }), json(200, { allocations: {} }));
    expect(await rejectionOf(consumer().read())).toMatchObject({ code: 'gone' });
    const update = consumer().update((now) => ({ ...now, project_id: 'p' }));
    expect(await rejectionOf(update)).toMatchObject({ code: 'gone' });
  });
});

describe('a server that knows no If-None-Match', () => {
  it('is asked for the generation that stands for nothing, and overwrites nothing', async () => {
    const exists = '<Error><Code>PreconditionFailed</Code></Error>';
    const server = script(new Response(exists, { status: 412 }));
    const error = await rejectionOf(open(googleStorage(), 'bucket/note').create({ title: 'Food' }));
    expect(error).toMatchObject({ code: 'exists' });
    expect(server.sent[0]?.headers.get('x-goog-if-generation-match')).toBe('0');
    expect(server.sent[0]?.headers.has('if-none-match')).toBe(false);
  });

  it('is sent no metadata of what is not there, but an error that says what to do', async () => {
    const server = script();
    const note = open(googleStorage({ of: 'metadata' }), 'storage/v1/b/bucket/o/note');
    expect(String(await rejectionOf(note.create({ title: 'Food' })))).toMatch(
      /creates an object by its content,/,
    );
    expect(server.sent).toEqual([]);
  });
});

describe('an address to create at', () => {
  it('may not be on another origin', async () => {
    const server = script();
    const at = (): URL => new URL('https://elsewhere.test/notes');
    const note = open({ ...couchdb(), create: { at } }, 'db/note');
    expect(String(await rejectionOf(note.create({ title: 'Food' })))).toContain('https://elsewhere.test');
    expect(server.sent).toEqual([]);
  });
});
