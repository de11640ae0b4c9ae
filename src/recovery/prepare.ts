import { absent } from '../core/pointer.ts';
import { carriedVersion, foreignPrecondition } from '../core/precondition.ts';
import type { Version } from '../core/version.ts';
import type { KeptBody } from '../shell/body.ts';
import { openAsked, type Asked } from './asked.ts';
import type { Call, Merged } from './run.ts';
import { original } from './stamp.ts';

/** What a write goes out as, where that has to be known before. */
export interface Prepared {
  readonly asked: Asked;
  /** The caller's own, with its write id. */
  readonly ready: Merged | undefined;
  /** Whether it is not to be sent before the resource is read. */
  readonly isBlind: boolean;
}

/** Prepares a write that says what it was made of, or that gets an id. */
export async function prepare(call: Call, body: KeptBody): Promise<Prepared> {
  const { write, route, world } = call;
  const asked = await openAsked(write, route, world.bases, body);
  const isBlind = namesNoVersion(call, asked);
  return { asked, isBlind, ready: isBlind || !route.writeId ? undefined : original(call, asked, body) };
}

/**
 * Whether a write says what it was made of, but not in which version. It begins with a read: who names a base wants it
 * protected, and a server that demands no version would overwrite whatever is there.
 */
function namesNoVersion(call: Call, { version }: Asked): boolean {
  const { write, route } = call;
  const names =
    route.version.write.length > 0 && foreignPrecondition(route.version, write.headers) === undefined;
  const isNamed = version !== undefined && !write.isUnseen;
  return write.base !== undefined && names && !isNamed && !isCreating(call, version);
}

/**
 * Whether a write asks for the resource to be new.
 *
 * @param version What it carries. Who names a base has only forgotten it.
 */
export function isCreating(
  { write, route }: Pick<Call, 'write' | 'route'>,
  version: Version | undefined,
): boolean {
  const { method, url, headers, base } = write;
  if (headers.has('if-none-match')) return true;
  if (route.version.absent === 'creates' && method === route.writeBy && !base) return !version?.length;
  if (method !== 'POST' || !(route.locate || route.createBy === 'POST')) return false;
  // Its body may well say the first version. A precondition says that there is one to change.
  const parts = { headers, query: url.searchParams, document: () => absent };
  return !carriedVersion(route.version, parts)?.length;
}
