import { equal } from '../core/equal.ts';
import type { MediaKind } from '../core/media.ts';
import { putVersion } from '../core/precondition.ts';
import type { Sides } from '../core/resolution.ts';
import type { Trace } from '../core/trace.ts';
import { stopped } from '../errors.ts';
import type { Patched } from '../merge/patch-format.ts';
import type { Reason } from '../report.ts';
import type { KeptBody } from '../shell/body.ts';
import { contentOf, valueOf, type Content, type Representation } from '../shell/representation.ts';
import { brokenAt } from '../shell/schema.ts';
import { renewHeaders, rewriteOf, type Rewrite } from '../shell/transport.ts';
import type { Asked } from './asked.ts';
import { isCreating } from './prepare.ts';
import type { Refusal } from './reread.ts';
import { idsAfter, sameState, stamp, withWriteIds, writeIdsIn } from './stamp.ts';
import type { Decided, Run } from './run.ts';

/** A write whose body is read, as it has to be once it is refused. */
export interface Opened {
  readonly run: Run;
  readonly asked: Asked;
}

/** A refused write, and what the next one is made of. */
export interface Refused extends Opened {
  readonly body: KeptBody;
  readonly refusal: Refusal;
  /** The number of the send that comes next. */
  readonly attempt: number;
}

/** The same, with the latest representation at hand. */
export interface Matter extends Refused {
  readonly remote: Representation;
  /** What became of the sends that are in doubt. What is `back` isn't made again, so that nobody need decide. */
  readonly trace?: Trace;
}

/** Makes the write of a merged value: under the fresh version, and only if it says anything new. */
export async function writeValue(matter: Matter, value: unknown): Promise<Decided> {
  const { run, body, asked, remote } = matter;
  const { route, world } = run;
  const { kind, version } = remote;
  const { rewrite, document } = draft(matter, value);
  const { headers } = rewrite;
  // What the server gets is what JSON says of a value, so that is what is compared and validated.
  const content = contentOf(kind, document, route);
  if (content === undefined) mergeFailed(run, `returned no ${kind === 'bytes' ? 'Uint8Array' : kind} value`);
  const merged = valueOf(kind, content, route);
  const isSame = sameState(route, merged, theirs(matter));
  if (isSame && !route.shared?.isPast(version)) return { kind: 'kept-remote', remote };
  const broken = await faultsOf(run, kind, content);
  const said = asked.said(kind);
  // A null of a patch removes a member, or is its value: the schema may tell which.
  const other = broken && asked.format?.otherwise?.(said, merged);
  if (other && !equal(other, merged)) return writeValue(matter, other);
  if (broken) return { code: 'merged-invalid', reason: broken };

  const format = rewrite.method === 'PATCH' ? asked.format : undefined;
  const states = { base: baseOf(matter, kind), remote: theirs(matter), merged, asked: said };
  const toSay = format?.between({ ...states, fresh: draft(matter, {}).document }) ?? patched(merged);
  if (toSay.kind !== 'patched') return reasonFor(toSay);
  // What is still the caller's goes out in the caller's own bytes, and as the same request if its method is.
  const isOwn = equal(toSay.value, said);
  // A key that was answered by a success stands for that answer.
  const isAnother = !isOwn || rewrite.method !== run.write.method || matter.refusal.response?.ok;
  if (isAnother) renewHeaders(headers, () => world.clock.id());
  const ids = idsAfter(run, merged);
  const { value: stamped, isStamped } = stamp(run, headers, toSay.value, ids);
  const words = isOwn && !isStamped ? body.content : (contentOf(kind, stamped, route) ?? content);
  const state = isStamped ? contentOf(kind, withWriteIds(route.writeId, merged, ids), route) : content;
  return { kind: 'write', rewrite: { ...rewrite, content: words }, content: state, version, remote };
}

/** The three states, each a copy of its own, or why there is no local one. */
export function sidesOf(matter: Matter): Sides | Reason {
  const { run, remote } = matter;
  const { kind } = remote;
  // Whose the last write was is nobody's change.
  const level = (state: unknown): unknown => withWriteIds(run.route.writeId, state, writeIdsIn(run, remote));
  const base = baseOf(matter, kind);
  const local = localOf(matter, kind, theirs(matter));
  if ('code' in local) return local;
  // Without a base nothing says that another version is no change of the caller's. It never is.
  const value = base === undefined ? draft(matter, local.value).document : level(local.value);
  return { base: base === undefined ? base : level(base), local: value, remote: theirs(matter) };
}

/** The state that the caller started from. What was to be new has none, whatever is remembered. */
export function baseOf({ run, asked }: Opened, kind: MediaKind): unknown {
  return isCreating(run, asked.version) ? undefined : asked.base(kind);
}

/**
 * The state that the caller asked for: its body, or what its patch makes of the base; of the remote, where that is
 * unknown. Shares nothing with another copy of either.
 */
export function localOf(
  opened: Opened,
  kind: MediaKind,
  remote: unknown,
): { readonly value: unknown } | Reason {
  const { run, asked } = opened;
  if (run.write.method === 'PATCH' && !asked.format) return { code: 'unknown-patch' };
  if (asked.isTooDeep) return { code: 'too-deep' };
  try {
    const said = asked.said(kind);
    if (!asked.format) return patched(said);
    const base = baseOf(opened, kind);
    if (base === undefined && remote === undefined) return { code: 'base-unknown' };
    const local = asked.format.apply(said, base, remote);
    return local.kind === 'patched' ? local : reasonFor(local);
  } catch (error) {
    // The parser's error quotes the body, and no report may. A patch may go deeper than its maker.
    return { code: error instanceof RangeError ? 'too-deep' : 'content-type' };
  }
}

export function theirs({ run, remote }: Matter): unknown {
  return valueOf(remote.kind, remote.content, run.route);
}

/** The merge is at fault, and its caller is told. */
export function mergeFailed({ write }: Run, what: string): never {
  throw stopped(write.method, write.url, 'merge-failed', `The merge ${what}`);
}

/** Where a body breaks the schema, in words. */
export async function faultsOf(
  { route }: Run,
  kind: MediaKind,
  content: Content,
): Promise<string | undefined> {
  if (kind !== 'json') return undefined;
  return brokenAt(route.schema, valueOf(kind, content, route));
}

/** The next write with its document, both with the fresh version in every place that carries it. */
export function draft(
  { run, body, remote }: Matter,
  value: unknown,
): { rewrite: Rewrite; document: unknown } {
  const rewrite = rewriteOf(run.write, body, run.target);
  const { url, headers } = rewrite;
  headers.delete('if-none-match');
  const { writeId } = run.route;
  const level = writeId ? withWriteIds(writeId, value, writeIdsIn(run, remote)) : value;
  const parts = { headers, query: url.searchParams, document: level };
  return { rewrite, document: putVersion(run.route.version, remote.version, parts) };
}

function patched(value: unknown): Extract<Patched, { kind: 'patched' }> {
  return { kind: 'patched', value };
}

function reasonFor(problem: Exclude<Patched, { kind: 'patched' }>): Reason {
  return problem.kind === 'base-unknown'
    ? { code: problem.kind }
    : { code: problem.kind, reason: `At ${problem.at}.` };
}
