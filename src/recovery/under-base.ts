import { absent } from '../core/pointer.ts';
import { carriedVersion, putVersion } from '../core/precondition.ts';
import type { Version } from '../core/version.ts';
import { fitsNoBody, isInBody, readVersion, waitsForStrong } from '../core/version-rule.ts';
import { stopped, type RecoveryError } from '../errors.ts';
import type { StopCode } from '../report.ts';
import type { Route } from '../route.ts';
import { contentOf, jsonFor, valueOf, valueOr, type Content } from '../shell/representation.ts';
import { requestOf, sendFirst, type Fetch, type Write } from '../shell/transport.ts';
import { knownAt } from './address.ts';
import { askedVersion, patchFormat } from './intent.ts';
import type { KnownState } from './known-state.ts';

/**
 * The same write under the version of its base, unless a header or the query of its own names one. The version within
 * the body gives way: a form may hold an older one, or a newer one that the caller hasn't seen.
 *
 * @param known What the base is known as. Of what isn't known, and of what has no address, only the version within counts.
 * @throws {TypeError} for a base that is a state of another resource.
 * @throws {RecoveryError} where no version is known, or the body has no room for it: nothing is written without.
 */
export function underBase(fetch: Fetch, given: Write, route: Route, known: KnownState | undefined): Write {
  const { base, body } = given;
  if (!base) return given;
  const isPlaced = known?.url !== undefined;
  if (isPlaced && knownAt(route, given.url, body?.content) !== known.url)
    throw new TypeError(`base is a state of another resource than ${given.url.pathname}.`);
  const said = body && !(body.content instanceof Blob) ? body.content : undefined;
  const isUnseen = known !== undefined && known.version === undefined;
  const write: Write = { ...given, isClaimed: !known || known.isClaimed === true, isUnseen };
  if (isNamed(write, route, said ?? '') || write.headers.has('if-none-match'))
    return { ...write, isUnseen: false };
  const version = (isPlaced ? known.version : undefined) ?? versionWithin(route, base);
  if (!version) return write;
  // A write without a version begins with a read, which waits.
  if ('code' in version && version.code === 'version-weak' && waitsForStrong(route.version)) return write;
  const stop = (code: StopCode, reason?: string): RecoveryError =>
    stopped(write.method, write.url, code, reason);
  if ('code' in version) throw stop(version.code, version.reason);
  if (!body) throw stop('unrepeatable-body');
  const carried = askedVersion(write, route, said ?? '');
  if (version.length > 0 && carried?.every((part, index) => part === version[index])) return write;
  const isBare = body.content === '' && write.method === 'DELETE' && route.version.remove !== undefined;
  if (body.content === '' && !isBare && !fitsNoBody(route.version)) throw stop('no-version');

  const asked = requestOf(write, body, write);
  const { url: address, headers } = asked;
  const hasDocument = (isBare || body.content !== '') && isInBody(route.version.write);
  if (hasDocument && isBare) headers.set('content-type', 'application/json');
  const text = isBare ? '{}' : said;
  const wire = jsonFor(route, headers.get('content-type'));
  const format = patchFormat(write, route);
  // A state beside its body gets the version, too: that is what is merged.
  const state = hasDocument && !format && typeof write.state === 'string' ? write.state : undefined;
  const document =
    hasDocument && text ? valueOf('json', state ?? text, state === undefined ? wire : route) : undefined;
  const parts = { headers, query: address.searchParams, document: format ? {} : document };
  const put = putVersion(route.version, version, parts);
  const fresh = format && hasDocument ? format.under(document, put) : put;
  if (hasDocument && (document === undefined || fresh === undefined)) throw stop('no-version');
  const content = (hasDocument ? contentOf('json', fresh, wire) : undefined) ?? body.content;
  const request = { ...asked, content };
  return {
    ...write,
    ...request,
    ...(state !== undefined && { state: contentOf('json', fresh, route) }),
    body: { content, type: undefined },
    send: (signal) => sendFirst(fetch, write, request, signal),
  };
}

/** Whether a write names a version itself: in a header, in the query, or by what a list of operations asserts. */
function isNamed(write: Pick<Write, 'method' | 'url' | 'headers'>, route: Route, content: Content): boolean {
  const asserted = (): unknown => {
    const said = valueOr(absent, 'json', content, route);
    const tested = patchFormat(write, route)?.asserted(said);
    return tested === said ? absent : tested;
  };
  const document = write.method === 'PATCH' ? asserted : () => absent;
  const parts = { headers: write.headers, query: write.url.searchParams, document };
  return carriedVersion(route.version, parts) !== undefined;
}

/** The version that a state holds; `undefined` where another place has it. */
export function versionWithin({ version, unwrap }: Route, state: () => unknown): Version | undefined {
  if (unwrap || !version.read.length || !version.read.every(({ in: place }) => place === 'document'))
    return undefined;
  const found = readVersion(version, new Headers(), state());
  return 'problem' in found ? undefined : found;
}
