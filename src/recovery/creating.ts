import { absent } from '../core/pointer.ts';
import { carriedVersion } from '../core/precondition.ts';
import type { Version, VersionPart } from '../core/version.ts';
import type { Route } from '../route.ts';
import type { Write } from '../shell/transport.ts';
import type { Prepared } from './records.ts';

/**
 * Whether a write asks for the resource to be new.
 *
 * @param version What it carries. Who names a base has only forgotten it.
 */
export function isCreating(
  { method, url, headers, base }: Pick<Write, 'method' | 'url' | 'headers' | 'base'>,
  route: Route,
  version: Version | undefined,
): boolean {
  if (headers.has('if-none-match') || meansNew(version, route)) return true;
  if (route.version.absent === 'creates' && method === route.replace && !base) return !version?.length;
  if (method !== 'POST' || !(route.create.find || route.create.method === 'POST')) return false;
  // A server that changes by POST, too, takes a version in the body for that of the state to change.
  if (route.replace === 'POST') return !base && !version?.length;
  // Its body may well say the first version. A precondition says that there is one to change.
  const parts = { headers, query: url.searchParams, document: () => absent };
  return !carriedVersion(route.version, parts)?.length;
}

/** Whether a send was to create the resource: as its caller asked, or as the route decided where it was gone. */
export function createsBy({ origin, latest }: Prepared, intent: { readonly creates: boolean }): boolean {
  return origin === 'caller' ? intent.creates : !latest;
}

/** Whether a send is refused where there is something: it says so, or its server takes one without a version for it. */
export function isNew({ version, request }: Prepared, route: Route): boolean {
  const isBare = version === undefined && request.method === route.replace;
  const says = request.headers.has('if-none-match') || meansNew(version, route);
  return says || (isBare && route.version.absent === 'creates');
}

/** Whether a version says that nothing is there yet. */
function meansNew(version: Version | undefined, { create }: Route): boolean {
  if (create.version === undefined || !version?.length) return false;
  return version.every((part) => String(part) === String(create.version));
}

/** The version that a create carries; `undefined` where a header says that there is none. */
export function newVersion({ version: { read }, create: { version } }: Route): Version | undefined {
  return version === undefined ? undefined : read.map(() => version as VersionPart);
}

/** Whether a send says which state it replaces, be it by having none to name. Of a POST only a precondition says it. */
export function replaces(sent: Prepared, route: Route): boolean {
  return isConditional(sent, route) || (sent.version !== undefined && sent.request.method !== 'POST');
}

/** Whether a send carries a condition that the server checks: a version, or that there is nothing. */
export function isConditional(sent: Prepared, route: Route): boolean {
  return (sent.version !== undefined && sent.version.length > 0) || isNew(sent, route);
}
