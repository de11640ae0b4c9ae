import { notFound, problem, type Call, type Collection, type Reply } from './reply.ts';
import type { Store, Stored } from './store.ts';

/**
 * Documents whose version travels in the body, as the member `version`: 409 for one that is not the latest.
 * A DELETE has no body, and names the version in its query: `?version=3`.
 *
 * A write without a version never replaces anything: it creates, or it is refused with 428 (RFC 6585 §3).
 */
export const boards: Collection = (store, call) => {
  switch (call.method) {
    case 'GET':
      return read(store, call.id);
    case 'PUT':
      return write(store, call);
    case 'DELETE':
      return remove(store, call);
  }
};

function read(store: Store, id: string): Reply {
  const board = store.read('boards', id);
  if (board === undefined) return notFound();
  return {
    status: 200,
    headers: { 'cache-control': 'no-cache' },
    body: representation(board),
    version: board.version,
  };
}

function write(store: Store, { id, body: { version, ...body } }: Call): Reply {
  if (version === undefined) {
    const created = store.create('boards', id, body);
    if (created === undefined) return versionRequired();
    return { status: 201, body: representation({ version: created, body }) };
  }
  if (!isVersion(version)) return badVersion();
  const written = store.replace('boards', id, body, [version]);
  if (written === undefined) return stale(store, id, version);
  // The new version goes back in the body, since that is where this collection has it.
  return { status: 200, body: representation({ version: written, body }), version };
}

function remove(store: Store, { id, query }: Call): Reply {
  if (store.read('boards', id) === undefined) return notFound();
  if (!query.has('version')) return versionRequired();
  const version = Number(query.get('version'));
  if (!isVersion(version)) return badVersion();
  if (store.remove('boards', id, [version]) === undefined) return stale(store, id, version);
  return { status: 204, version };
}

/**
 * The refusal carries the latest state, which saves the client a read. It may be even newer than the one that the write
 * was refused for: newer is never worse.
 */
function stale(store: Store, id: string, version: number): Reply {
  const latest = store.read('boards', id);
  if (latest === undefined) return notFound();
  return problem(
    409,
    'stale-version',
    `The board is in version ${latest.version}, and no longer in ${version}.`,
    {
      version,
      members: { current: representation(latest) },
    },
  );
}

const representation = ({ version, body }: Stored) => ({ ...body, version });

const isVersion = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

const versionRequired = () => problem(428, 'version-required', 'Read the board, then send back its version.');

const badVersion = () => problem(400, 'bad-version', 'A version is a whole number above 0.');
