import { carriedVersion, putVersion } from '../core/precondition.ts';
import { absent } from '../core/pointer.ts';
import type { VersionPart } from '../core/version.ts';
import { isInBody, ruleFor } from '../core/version-rule.ts';
import { stopped } from '../errors.ts';
import { mergePatch } from '../merge/patch-format.ts';
import { patchFormat, patchType, unpatched } from '../recovery/intent.ts';
import { keepBase, type KnownState } from '../recovery/known-state.ts';
import { versionWithin } from '../recovery/under-base.ts';
import { checkOptions } from '../shell/options.ts';
import { contentOf, kindFor, valueOf, type Content } from '../shell/representation.ts';
import { brokenAt } from '../shell/schema.ts';
import { stateOfBase, resolveBase } from './handle-values.ts';
import type { SendOptions, ResourceTarget } from './read-state.ts';
import type { StateAfter } from '../outcomes.ts';

/** The content type of a handle's change, unless the caller sets another. */
export const mergeType = 'application/merge-patch+json';

/**
 * Checks the options of a call, in Node and in development builds.
 *
 * @throws {TypeError} that names what is wrong.
 */
export function checkWriteOptions(options: SendOptions): void {
  checkOptions('call', options);
}

/**
 * Requires that a write name its base or a version: a caller can't change a state that it hasn't read.
 *
 * @throws {RecoveryError} of code `no-version`.
 */
export function requireVersion(
  { route, url }: ResourceTarget,
  method: string,
  document: unknown,
  { base, headers }: SendOptions,
): void {
  const parts = { headers: new Headers(headers), query: url.searchParams, document: () => document };
  const rule = ruleFor(route.version, method);
  if (base === undefined && carriedVersion(rule, parts) === undefined)
    throw stopped(method, url, 'no-version');
}

/**
 * Returns a value as a body, with its content type: the one that the caller sets, else the base's.
 *
 * @throws {TypeError} for a value of another kind.
 * @throws {RecoveryError} of code `merged-invalid` for a value that the schema refuses.
 */
export async function bodyFor(
  { route, url }: ResourceTarget,
  method: string,
  value: unknown,
  { base, headers }: SendOptions,
): Promise<[content: Content, type: string]> {
  const known = stateOfBase(base);
  const type = new Headers(headers).get('content-type') ?? route.writes ?? known?.type ?? 'application/json';
  const kind = kindFor(route, type) ?? 'bytes';
  const content = contentOf(kind, value, route);
  if (content === undefined) throw new TypeError(`The value can't be sent as ${type}.`);
  const parsed = kind === 'json' && route.schema ? valueOf(kind, content, route) : undefined;
  const state = parsed === undefined ? undefined : withVersion(route, parsed, known, base);
  await requireValid({ route, url }, method, state);
  return [content, type];
}

/**
 * Returns a state with the version that it will be sent under, if the version stands in the state; `undefined` if that
 * isn't known yet.
 */
function withVersion(
  { version: rule, ...route }: ResourceTarget['route'],
  state: unknown,
  known: KnownState | undefined,
  base: unknown,
): unknown {
  if (base === undefined || !isInBody(rule.write)) return state;
  const version = known?.version ?? versionWithin({ ...route, version: rule }, () => base);
  const parts = { headers: new Headers(), query: new URLSearchParams(), document: state };
  if (version && !('code' in version)) return putVersion(rule, version, parts);
  // If the write begins with a read, the schema checks the state after that read.
  const isNamed = rule.write.every((carrier) => carrier.in !== 'document' || carrier.get(state) !== absent);
  return isNamed ? state : undefined;
}

/** The body of a write that makes a state: the state itself, or its difference from the base. */
interface Replacement {
  readonly target: ResourceTarget;
  readonly content: Content;
  /** The content type of `content`. */
  readonly type: string;
}

/**
 * Returns a state as the body of the write that makes it, where the route says how.
 *
 * @param type The content type of the state.
 * @throws {RecoveryError} of code `base-unknown` or `patch-error` if the server takes differences, and the difference can't
 * be made.
 */
export function replacementFor(
  target: ResourceTarget,
  content: Content,
  type: string,
  { base }: SendOptions,
): Replacement {
  const { route, url } = target;
  const method = route.replace;
  const sent = method === 'PATCH' ? patchType(route) : type;
  const format = patchFormat({ method, headers: new Headers({ 'content-type': sent }) }, route);
  if (!format || kindFor(route, type) !== 'json') return { target, content, type };
  const from = keepBase(resolveBase(base, method, url, content, route), route, tooDeep)?.();
  if (from === undefined) throw stopped(method, url, 'base-unknown');
  // The version is no change of the caller's.
  let merged = valueOf('json', content, route);
  for (const carrier of [...route.version.read, ...route.version.write])
    if (carrier.in === 'document') merged = carrier.put(merged, carrier.get(from) as VersionPart);
  const change = format.between({ base: from, remote: from, merged, asked: undefined, fresh: {} });
  if (change.kind !== 'patched') {
    const { code, reason } = unpatched(change);
    throw stopped(method, url, code, reason);
  }
  const [state = '', body = ''] = [merged, change.value].map((value) => contentOf('json', value, route));
  return { target: { ...target, route: { ...route, state } }, content: body, type: sent };
}

/**
 * Returns a change as the body of a PATCH, and the state that it comes to, as far as the base is known.
 *
 * @throws {TypeError} for a change that is no JSON.
 * @throws {RecoveryError} of code `merged-invalid` for a change to a state that the schema refuses.
 */
export async function patchFor(
  { route, url }: ResourceTarget,
  change: unknown,
  { base, headers: own }: SendOptions,
): Promise<{ readonly content: Content; readonly after: StateAfter | undefined }> {
  const content = contentOf('json', change, route);
  if (content === undefined) throw new TypeError("The change can't be sent as JSON.");
  // JSON leaves out members that are `undefined`, and so does the server.
  const parsed = valueOf('json', content, route);
  const isPart = base === undefined;
  const resolved = resolveBase(base, 'PATCH', url, content, route);
  const before = keepBase(resolved, route, tooDeep)?.();
  const headers = new Headers(own);
  if (!headers.has('content-type')) headers.set('content-type', mergeType);
  const format = patchFormat({ method: 'PATCH', headers }, route) ?? mergePatch();
  const asked = format.apply(parsed, before, before);
  const after = asked.kind === 'patched' ? contentOf('json', asked.value, route) : undefined;
  if (after === undefined) return { content, after: undefined };
  const state = valueOf('json', after, route);
  // A null may mean one of two things, and the schema may tell which.
  const other = isPart ? undefined : format.otherwise?.(parsed, state);
  const isOther =
    other !== undefined && !!(await brokenAt(route.schema, state)) && !(await brokenAt(route.schema, other));
  if (!isPart && !isOther) await requireValid({ route, url }, 'PATCH', state);
  const shown = (isOther ? contentOf('json', other, route) : undefined) ?? after;
  return { content, after: { content: shown, type: 'application/json', version: undefined, isPart } };
}

/** Requires that the schema accept a state, if there is one: a state that breaks the schema isn't sent. */
async function requireValid(
  { route, url }: Pick<ResourceTarget, 'route' | 'url'>,
  method: string,
  state: unknown,
): Promise<void> {
  const broken = state === undefined ? undefined : await brokenAt(route.schema, state);
  if (broken) throw stopped(method, url, 'merged-invalid', broken);
}

const tooDeep = (): RangeError => new RangeError();
