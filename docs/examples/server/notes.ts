import { formatEtag, noneMatchNames, parseIfMatch } from './etag.ts';
import { notFound, problem, type Call, type Collection, type Reply } from './reply.ts';
import type { Store } from './store.ts';

/**
 * Documents whose version travels in the headers: `ETag` out, `If-Match` in, 412 for a version that is not the latest.
 *
 * A write without a precondition never replaces anything: it creates, or it is refused with 428 (RFC 6585 §3).
 */
export const notes: Collection = (store, call) => {
  switch (call.method) {
    case 'GET':
      return read(store, call);
    case 'PUT':
      return call.headers['if-match'] === undefined
        ? create(store, call)
        : replace(store, call, call.headers['if-match']);
    case 'DELETE':
      return remove(store, call);
  }
};

function read(store: Store, { id, headers }: Call): Reply {
  const note = store.read('notes', id);
  if (note === undefined) return notFound();
  const version = formatEtag(note.version);
  // no-cache: a cache may keep it, but has to ask whether it is still the latest before it is used again.
  const fresh = { etag: version, 'cache-control': 'no-cache' };
  if (noneMatchNames(headers['if-none-match'] ?? '', note.version))
    return { status: 304, headers: fresh, version };
  return { status: 200, headers: fresh, body: note.body, version };
}

function create(store: Store, { id, body, headers }: Call): Reply {
  const onlyNew = headers['if-none-match'];
  const version = store.create('notes', id, body);
  if (version !== undefined) return { status: 201, headers: { etag: formatEtag(version) }, version: onlyNew };
  return onlyNew === undefined
    ? preconditionRequired()
    : stale('There is a note at this address already.', onlyNew);
}

function replace(store: Store, { id, body, headers }: Call, ifMatch: string): Reply {
  if (headers['if-none-match'] !== undefined) {
    return problem(
      400,
      'bad-precondition',
      'Send If-Match to replace a note, or If-None-Match: * to create it, not both.',
    );
  }
  const expected = parseIfMatch(ifMatch);
  if (expected === undefined) return badIfMatch(ifMatch);
  const version = store.replace('notes', id, body, expected);
  if (version === undefined) return stale('The note is not in the version that If-Match names.', ifMatch);
  // The tag of the new state: the writer can go on without reading (RFC 9110 §9.3.4 allows it, as the body is stored as
  // it was sent).
  return { status: 204, headers: { etag: formatEtag(version) }, version: ifMatch };
}

function remove(store: Store, { id, headers }: Call): Reply {
  // Before any precondition: what would be 404 without one stays 404 (RFC 9110 §13.2.1).
  if (store.read('notes', id) === undefined) return notFound();
  const ifMatch = headers['if-match'];
  if (ifMatch === undefined) return preconditionRequired();
  const expected = parseIfMatch(ifMatch);
  if (expected === undefined) return badIfMatch(ifMatch);
  if (store.remove('notes', id, expected) === undefined) {
    return stale('The note is not in the version that If-Match names.', ifMatch);
  }
  return { status: 204, version: ifMatch };
}

// No ETag in a refusal: it would name a state whose content the client has not seen.
const stale = (detail: string, version: string) => problem(412, 'precondition-failed', detail, { version });

const preconditionRequired = () =>
  problem(428, 'precondition-required', 'Read the note, then send its ETag as If-Match.');

const badIfMatch = (version: string) =>
  problem(400, 'bad-precondition', 'If-Match takes entity tags, in double quotes.', { version });
