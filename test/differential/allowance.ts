import { isDeepStrictEqual } from 'node:util';
import { isRecoveryError, recoveryOf } from 'remerge';
import type { Difference } from './comparison.ts';
import { causesOf, errorTold } from './errors.ts';
import { requestTold, withoutSide, type Observation } from './observation.ts';
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

/** No send starts after an abort (and no fetch of the user's is called), where the platform's fetch is, and rejects. */
export function isUnasked({ kind, ours }: Difference, usual: Observation): boolean {
  return kind === 'said to fetch' && ours === undefined && usual.seen['is the reason'] === true;
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
  if (outcome.kind === 'rejected' && arrived.at(-1)?.answer?.way !== 'whole') return first.isWhole;
  const last = arrived.at(-1)?.answer?.status ?? 0;
  const isVersioned = first.headers.some(([name]) => name.startsWith('if-'));
  return open.has(last) || ([404, 409, 410, 412].includes(last) && isVersioned);
}

/** What still has to hold of a recovered write. Each is named, and told only where it doesn't hold. */
export function recoveredFaults(usual: Observation, ours: Observation): readonly Difference[] {
  const [first] = ours.arrived;
  // Redirects that fetch follows by itself are followed by both.
  const followed = ours.arrived.findIndex((request, at) => !isSame(request, usual.arrived[at]));
  const more = followed < 0 ? [] : ours.arrived.slice(followed);
  const checks: Readonly<Record<string, boolean>> = {
    'recovered: the first request is the caller’s': isSame(first, usual.arrived[0]),
    'recovered: what follows is a read, or protected': more.every((request) => isHarmless(request, first)),
    'recovered: an answer is the server’s, or reported': isServers(usual, ours),
    'recovered: an error is fetch’s, or has it among its causes': isCaused(usual, ours),
    'recovered: an answer has no members of ours': Object.keys(members(ours)).length === 0,
  };
  return Object.entries(checks)
    .filter(([, holds]) => !holds)
    .map(([kind]) => ({ kind, usual: summary(usual), ours: summary(ours) }));
}

function isSame(one: Arrived | undefined, other: Arrived | undefined): boolean {
  return isDeepStrictEqual(
    ...([one, other].map((it) => it && withoutSide(requestTold(it))) as [unknown, unknown]),
  );
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
    ['kept-remote', 'already-applied'].includes(recoveryOf(outcome.value)?.ending ?? '')
  );
}

function isCaused(usual: Observation, ours: Observation): boolean {
  if (ours.outcome.kind === 'pending') return usual.outcome.kind === 'pending';
  if (ours.outcome.kind === 'resolved') return true;
  if (ours.aborted) return Object.is(ours.outcome.error, ours.aborted.reason);
  // ky's hooks hear of a write's retries no more.
  if (usual.outcome.kind === 'rejected' && usual.outcome.error instanceof RangeError) return true;
  // Where the platform has an answer that tells nothing, none may be told.
  return usual.outcome.kind === 'rejected' ? hasCause(ours, usual) : isRecoveryError(ours.outcome.error);
}

/** Whether what one side rejects with is behind what the other one rejects with. */
export function hasCause({ outcome }: Observation, usual: Observation): boolean {
  if (outcome.kind !== 'rejected' || usual.outcome.kind !== 'rejected') return false;
  const expected = causeTold(usual.outcome.error);
  return causesOf(outcome.error).some((cause) => isDeepStrictEqual(causeTold(cause), expected));
}

/** An error without what ours leave out on purpose: query strings and bodies, which are in ky's members. */
function causeTold(error: unknown): unknown {
  const told = withoutSide(errorTold(error, 0)) as string | Readonly<Record<string, unknown>>;
  return typeof told === 'string'
    ? told
    : { ...told, members: [], message: String(told.message).replace(/[?#]\S*/, '') };
}

function members({ outcome }: Observation): object {
  return outcome.kind === 'resolved' ? (Object(outcome.value) as object) : {};
}

/** What never left is not told as something that may have been made. */
export function doubts(usual: Observation, { outcome }: Observation): readonly Difference[] {
  const report = outcome.kind === 'rejected' ? recoveryOf(outcome.error) : undefined;
  const isDoubted = report?.ending === 'refused' && report.maybeApplied;
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
