import { isDeepStrictEqual } from 'node:util';
import { isNetworkError } from 'ky';
import { isRecoveryError, recoveryOf } from 'remerge';
import type { Difference } from './comparison.ts';
import { causesOf, errorTold } from './errors.ts';
import { keysOf } from './looks.ts';
import { withoutSide, type Observation } from './observation.ts';
import type { Arrived } from './stage.ts';

/**
 * What one side may do otherwise by the nature of the call: whether a request has left by the very moment of an abort is
 * chance, for either side.
 */
export function isChance(
  { kind }: Difference,
  plan: { readonly signal: string; readonly body: string },
): boolean {
  // How much of a body that fails has left before is chance, too.
  const isHasty = ['of a time', 'aborted at once'].includes(plan.signal) || plan.body === 'stream that fails';
  return isHasty && (kind === 'requests' || kind === 'told as made, perhaps');
}

/**
 * Where nothing leaves, the fetch that is wrapped need not be called, as no send starts after an abort, or from what is no
 * request. The platform's rejects then.
 */
export function isUnasked({ kind, ours }: Difference, { outcome, arrived }: Observation): boolean {
  return (
    kind === 'said to fetch' && ours === undefined && outcome.kind === 'rejected' && arrived.length === 0
  );
}

/**
 * A stream in a Request: where the call is not sent, ours is cancelled in any case, so that what it reads
 * from is closed. And a copy is made of it, so it stays locked when all is over.
 */
export function isOfStream({ kind, usual, ours }: Difference): boolean {
  const [theirs, own] = [usual, ours].map((seen) => (Object(seen) as { readonly body?: StreamFate }).body);
  if (!['right after the call', 'in the end'].includes(kind) || !theirs || !own) return false;
  const isEqual = isDeepStrictEqual({ ...Object(usual), body: 0 }, { ...Object(ours), body: 0 });
  const isLocked = theirs.locked === own.locked || own.isCancelled || (kind === 'in the end' && own.locked);
  return isEqual && isLocked && (theirs.isCancelled === own.isCancelled || own.isCancelled);
}

/** A parser of the user's is called for a look of recovery's own, too, and then, as documented, without ky's second argument. */
export function isOwnParse([what, , context]: readonly unknown[]): boolean {
  return what === 'parseJson' && isDeepStrictEqual(context, []);
}

interface StreamFate {
  readonly locked: boolean;
  readonly isCancelled: boolean;
}

const unsafe: ReadonlySet<string> = new Set(['PUT', 'PATCH', 'DELETE', 'POST']);
const open: ReadonlySet<number> = new Set([408, 428, 429, 500, 502, 503, 504]);

/**
 * Whether a recovery is what the call is wrapped for, going by what the usual side saw: a write was refused for its
 * version, or nobody knows whether it was made. Then the sides may differ in what comes after the first request.
 */
export function isRecovered({ arrived, outcome, aborted }: Observation): boolean {
  const [first] = arrived;
  if (!first || !unsafe.has(first.method) || (aborted && outcome.kind === 'rejected')) return false;
  // A client that throws for a status has an answer all the same.
  if (outcome.kind === 'rejected' && !hasAnswer(outcome.error)) return first.isWhole;
  const statuses = arrived.map(({ answer }) => answer?.status ?? 0);
  const isVersioned = first.headers.some(([name]) => name.startsWith('if-'));
  // A hook may have sent it again.
  const isOpen = statuses.some((status) => open.has(status));
  return isOpen || ([404, 409, 410, 412].includes(statuses.at(-1) ?? 0) && isVersioned);
}

/** Whether it was a hook, a parser or a look at the answer that failed, or ky for its status. A hook may have put another error in its place. */
function hasAnswer(error: unknown): boolean {
  return !causesOf(error).some((behind) => {
    const { name, cause } = Object(behind) as { readonly name?: unknown; readonly cause?: unknown };
    return (
      name === 'NetworkError' || name === 'TimeoutError' || (name === 'TypeError' && cause !== undefined)
    );
  });
}

/** What still has to hold of a recovered write. Each is named, and told only where it doesn't hold. */
export function recoveredFaults(usual: Observation, ours: Observation): readonly Difference[] {
  const [first] = ours.arrived;
  // Redirects that fetch follows by itself are followed by both.
  const followed = ours.requests.findIndex((request, at) => !isDeepStrictEqual(request, usual.requests[at]));
  const more = followed < 0 ? [] : ours.arrived.slice(followed);
  const checks: Readonly<Record<string, boolean>> = {
    'recovered: the first request is the caller’s': isDeepStrictEqual(ours.requests[0], usual.requests[0]),
    'recovered: what follows is a read, or protected':
      usual.arrived.length > 1 || isSentOn(first) || more.every((request) => isHarmless(request, first)),
    'recovered: an answer is the server’s, or reported': isServers(usual, ours),
    'recovered: an error is fetch’s, or has it among its causes': isCaused(usual, ours),
    'recovered: an answer has no members of ours': members(ours).length === 0,
  };
  return Object.entries(checks)
    .filter(([, holds]) => !holds)
    .map(([kind]) => ({ kind, usual: summary(usual), ours: summary(ours) }));
}

/** Whether a write was sent elsewhere by its server. A body that a hook made is a stream to ky, which can't be sent there; here it is bytes. */
function isSentOn(first: Arrived | undefined): boolean {
  const status = first?.answer?.status ?? 0;
  return status >= 300 && status < 400;
}

/** A request that can overwrite nobody's change, and makes nothing twice. */
function isHarmless({ method, headers }: Arrived, first: Arrived | undefined): boolean {
  const key = headers.find(([name]) => name === 'idempotency-key')?.[1];
  const hasKey = key !== undefined && !!first?.headers.some(([, value]) => value === key);
  return !unsafe.has(method) || hasKey || headers.some(([name]) => name.startsWith('if-'));
}

function isServers(usual: Observation, { outcome, arrived }: Observation): boolean {
  if (outcome.kind !== 'resolved') return true;
  const { status } = outcome.value as Response;
  return (
    usual.seen['answer: status'] === status ||
    arrived.some(({ answer }) => answer?.status === status) ||
    ['unchanged', 'already-applied'].includes(recoveryOf(outcome.value)?.outcome ?? '')
  );
}

function isCaused(usual: Observation, ours: Observation): boolean {
  // Recovery reads a refusal before it hands it over, so it waits for a body that stalls, within the time of the write.
  if (ours.outcome.kind === 'pending') return usual.outcome.kind === 'pending' || isStuckRefusal(usual);
  if (ours.outcome.kind === 'resolved') return true;
  if (ours.aborted) return Object.is(ours.outcome.error, ours.aborted.reason);
  // Its answer is not the usual side's: it may be that of a later send. What ky says of a look at it is compared elsewhere.
  if (ours.hasAnswer) return true;
  // What broke off was looked at already, and ky's hooks hear of a write's retries no more.
  if (['broken off', 'reset after its head'].includes(usual.arrived.at(-1)?.answer?.way ?? '')) return true;
  if (usual.outcome.kind === 'rejected' && usual.outcome.error instanceof RangeError) return true;
  // Where the platform has an answer that tells nothing, none may be told.
  return usual.outcome.kind === 'rejected' ? hasCause(ours, usual) : isRecoveryError(ours.outcome.error);
}

/** Whether a write was refused by an answer whose body doesn't end. */
function isStuckRefusal({ arrived }: Observation): boolean {
  const { status = 0, way } = arrived.at(-1)?.answer ?? {};
  return status >= 400 && way === 'stuck';
}

/** Whether what one side rejects with, or fetch's error that ky has put into one of its own, is behind the other one's. */
export function hasCause({ outcome }: Observation, usual: Observation): boolean {
  if (outcome.kind !== 'rejected' || usual.outcome.kind !== 'rejected') return false;
  const { error } = usual.outcome;
  const expected = [error, ...(isNetworkError(error) ? [error.cause] : [])].map(causeTold);
  return causesOf(outcome.error).some((cause) =>
    expected.some((other) => isDeepStrictEqual(causeTold(cause), other)),
  );
}

/** An error without what ours leave out on purpose: query strings and bodies, which are in ky's members. */
function causeTold(error: unknown): unknown {
  const told = withoutSide(errorTold(error, 0)) as string | Readonly<Record<string, unknown>>;
  return typeof told === 'string'
    ? told
    : { ...told, members: [], message: String(told.message).replace(/[?#]\S*/, '') };
}

function members({ outcome }: Observation): readonly string[] {
  return outcome.kind === 'resolved' && outcome.value instanceof Response ? keysOf(outcome.value) : [];
}

/** What never left is not told as something that may have been made. */
export function doubts(usual: Observation, { outcome }: Observation): readonly Difference[] {
  const report = outcome.kind === 'rejected' ? recoveryOf(outcome.error) : undefined;
  const isDoubted = report?.outcome === 'failed' && report.maybeApplied;
  if (usual.arrived.length > 0 || usual.outcome.kind !== 'rejected' || !isDoubted) return [];
  return [{ kind: 'told as made, perhaps', usual: undefined, ours: report.code }];
}

function summary({ outcome, arrived }: Observation): unknown {
  const ended =
    outcome.kind === 'rejected'
      ? { rejected: errorTold(outcome.error) }
      : outcome.kind === 'resolved'
        ? { resolved: Object.keys(outcome.value as object), status: (outcome.value as Response).status }
        : outcome.kind;
  return { ended, requests: arrived.map(({ method, answer }) => `${method} ${answer?.status ?? 'cut off'}`) };
}
