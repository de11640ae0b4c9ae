import { isRecord } from '../../core/record.ts';
import type { Shape } from '../shape.ts';
import { empty, json, memberAt, nameIn } from './answers.ts';

/** The path of a member of a collection whose name is in the body of the POST. */
function under(...place: readonly string[]): NonNullable<Shape['child']> {
  return (collection, body) => {
    const name = memberAt(body, ...place);
    return typeof name === 'string' ? `${collection}/${name}` : undefined;
  };
}

/** CouchDB. Source: https://docs.couchdb.org/en/stable/api/document/common.html */
export const couchdb: Shape = {
  version: (count) => [`${count}-${String(count).padStart(32, '0')}`],
  show: (value, { path }) => ({ _id: nameIn(path), ...(isRecord(value) ? value : undefined) }),
  headers: ([rev]) => ({ etag: `"${String(rev)}"` }),
  child: under('_id'),
  made({ kind, path, version: [rev] }) {
    const body = { ok: true, id: nameIn(path), rev };
    return json(kind === 'deleted' ? 200 : 201, body, { etag: `"${String(rev)}"` });
  },
  refused(reason) {
    if (reason === 'missing') return json(404, { error: 'not_found', reason: 'missing' });
    if (reason === 'disagree') return json(400, { error: 'bad_request', reason: 'Two revisions.' });
    return json(409, { error: 'conflict', reason: 'Document update conflict.' });
  },
};

/** Kubernetes. Source: https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#Status */
export const kubernetes: Shape = {
  version: (count) => [String(1000 + count)],
  show(value, { path }) {
    const metadata = { name: nameIn(path), uid: `uid-of-${path}`, ...asRecord(memberAt(value, 'metadata')) };
    return { ...asRecord(value), metadata };
  },
  child: under('metadata', 'name'),
  requires: false,
  putCreates: false,
  made({ kind, document }) {
    if (kind === 'deleted') return json(200, { kind: 'Status', apiVersion: 'v1', status: 'Success' });
    return json(kind === 'created' ? 201 : 200, document);
  },
  refused(reason) {
    const [code, word] = {
      missing: [404, 'NotFound'],
      gone: [404, 'NotFound'],
      exists: [409, 'AlreadyExists'],
      stale: [409, 'Conflict'],
      required: [422, 'Invalid'],
      disagree: [400, 'BadRequest'],
    }[reason] as [number, string];
    return json(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: word, code });
  },
};

/** Elasticsearch. Source: https://www.elastic.co/docs/reference/elasticsearch/rest-apis/optimistic-concurrency-control */
export const elasticsearch: Shape = {
  version: (count) => [count, 1],
  resource: (path) => path.replace('/_create/', '/_doc/'),
  creates: (path) => path.includes('/_create/'),
  show: (value, { path }) => ({ ...index(path), _version: 1, found: true, _source: value }),
  takesWhole: true,
  requires: false,
  made({ kind, path, version: [_seq_no, _primary_term] }) {
    const body = { ...index(path), result: kind, _seq_no, _primary_term };
    return json(kind === 'created' ? 201 : 200, body);
  },
  refused(reason) {
    if (reason === 'missing') return json(404, { found: false });
    const type = 'version_conflict_engine_exception';
    return json(409, { error: { type, reason: 'version conflict' }, status: 409 });
  },
};

function index(path: string): { readonly _index: string | undefined; readonly _id: string } {
  return { _index: path.split('/')[0], _id: nameIn(path) };
}

/** Azure Cosmos DB. Source: https://learn.microsoft.com/en-us/rest/api/cosmos-db/http-status-codes-for-cosmosdb */
export const cosmos: Shape = {
  version: (count) => [`"${String(count).padStart(8, '0')}-0000-0000-0000-000000000000"`],
  show: (value, { path }) => ({ id: nameIn(path), ...asRecord(value), _rid: 'bW9jaw==', _ts: 1767225600 }),
  headers: ([tag]) => ({ etag: String(tag) }),
  child: under('id'),
  requires: false,
  putCreates: false,
  made({ kind, document, version: [tag] }) {
    if (kind === 'deleted') return empty(204);
    return json(kind === 'created' ? 201 : 200, document, { etag: String(tag) });
  },
  refused(reason) {
    if (reason === 'missing' || reason === 'gone') return json(404, { code: 'NotFound' });
    return reason === 'exists' ? json(409, { code: 'Conflict' }) : json(412, { code: 'PreconditionFailed' });
  },
};

/** GitHub's contents. Source: https://docs.github.com/en/rest/repos/contents */
export const github: Shape = {
  version: (count) => [count.toString(16).padStart(40, '0')],
  show(value, { path }) {
    const content = memberAt(value, 'content');
    // GitHub breaks the lines of what it shows.
    const lines = typeof content === 'string' ? content.replaceAll(/.{60}/g, '$&\n') : content;
    return { type: 'file', encoding: 'base64', name: nameIn(path), path: fileIn(path), content: lines };
  },
  take: (body) => ({ content: memberAt(body, 'content') }),
  made({ kind, path, version: [sha] }) {
    const content = kind === 'deleted' ? null : { name: nameIn(path), path: fileIn(path), sha };
    return json(kind === 'created' ? 201 : 200, { content, commit: { message: 'Saved' } });
  },
  refused(reason) {
    if (reason === 'missing' || reason === 'gone') return json(404, { message: 'Not Found' });
    const isUntold = reason === 'exists' || reason === 'required';
    if (isUntold) return json(422, { message: 'Invalid request.\n\n"sha" wasn\'t supplied.' });
    return json(409, { message: 'README.md does not match the sha' });
  },
};

function fileIn(path: string): string {
  return path.split('/contents/')[1] ?? path;
}

/** Contentful. Source: https://www.contentful.com/developers/docs/references/errors/ */
export const contentful: Shape = {
  show: (value, { path }) => ({ ...asRecord(value), sys: { id: nameIn(path), type: 'Entry' } }),
  made({ kind, document }) {
    return kind === 'deleted' ? empty(204) : json(kind === 'created' ? 201 : 200, document);
  },
  refused(reason) {
    const isMissing = reason === 'missing' || reason === 'gone';
    const id = isMissing ? 'NotFound' : 'VersionMismatch';
    return json(isMissing ? 404 : 409, { sys: { type: 'Error', id } });
  },
};

/** OpenStack Placement. Source: https://docs.openstack.org/api-ref/placement/#errors */
export const placement: Shape = {
  made({ kind, document }) {
    return kind === 'deleted' ? empty(204) : json(200, document);
  },
  refused(reason) {
    if (reason === 'missing' || reason === 'gone') return json(404, { errors: [{ status: 404 }] });
    if (reason === 'required') return json(400, { errors: [{ status: 400 }] });
    return json(409, { errors: [{ status: 409, code: 'placement.concurrent_update' }] });
  },
};

/** Node-RED. Source: https://nodered.org/docs/api/admin/methods/post/flows/ */
export const nodeRed: Shape = {
  version: (count) => [`rev${count}`],
  requires: false,
  postCreates: true,
  made: ({ version: [rev] }) => json(200, { rev }),
  refused: (reason) => (reason === 'missing' ? empty(404) : json(409, { code: 'version_mismatch' })),
};

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
