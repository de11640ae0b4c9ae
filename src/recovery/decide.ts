import { isResolution, settle, type Sides, type Undecided } from '../core/resolution.ts';
import type { MergeContext } from '../merging.ts';
import type { Question, Reason } from '../report.ts';
import {
  baseOf,
  faultsOf,
  localOf,
  mergeFailed,
  sidesOf,
  theirs,
  writeValue,
  type Matter,
  type Opened,
  type Refused,
} from './rewrite.ts';
import { unsent } from './reread.ts';
import { leavesOrigin } from './address.ts';
import { sameState } from './stamp.ts';
import type { Decided, Run } from './run.ts';
import { deleteLatest, recreate } from './unmerged.ts';

/** What the user's own functions make of a refused write: the next write, nothing to write, or a reason to stop. */
export async function decide(matter: Matter): Promise<Decided> {
  const { run, refusal, remote } = matter;
  const broken = await faultsOf(run, remote.kind, remote.content);
  if (broken) return { code: 'remote-invalid', reason: broken };
  if (run.write.method === 'DELETE') return decideDelete(matter);
  return refusal.reason === 'exists' ? decideExisting(matter) : decideWrite(matter);
}

/** What becomes of a write whose target is gone. */
export async function decideGone(refused: Refused): Promise<Decided> {
  const { run, asked } = refused;
  const { onGone } = run.route;
  if (onGone === 'fail' || !hasState(run)) return { code: 'gone' };
  const kind = asked.kind ?? 'json';
  const local = localOf(refused, kind, undefined);
  if ('code' in local) return local;
  const states = { base: baseOf(refused, kind), local: local.value };
  return (await choice(run, onGone, states)) === 'recreate' ? recreate(refused, kind) : { code: 'gone' };
}

/** Whether a write says what the resource is to be, so that it can be created anew. */
export function hasState({ target }: Run): boolean {
  return target.method === 'PUT' || target.method === 'PATCH';
}

/** Turns to the resource that was to be created and exists, or says why not. Where a POST's is, only the route can say. */
export function locateExisting({ run, asked }: Opened, body: unknown): Reason | undefined {
  const { write, route } = run;
  if (route.onExists === 'fail') return { code: 'exists' };
  // A PUT names the resource, unless the route creates it elsewhere.
  if (write.method !== 'POST' && !(route.createAt && route.locate)) return undefined;
  if (!route.locate) return { code: 'exists' };
  const local = localOf({ run, asked }, asked.kind ?? 'json', undefined);
  if ('code' in local) return local;
  const found = route.locate({ value: local.value, url: new URL(write.url), body });
  if (found === undefined) return { code: 'exists' };
  const url = new URL(found, write.url);
  // Whoever wrote the body may have wanted the write, and its credentials, elsewhere.
  if (leavesOrigin(write.url, url)) return { code: 'redirected' };
  run.target = { method: route.writeBy, url };
  return undefined;
}

/** Whether a write that wasn't sent, as it names no version, was made of the very state that is there. */
function isUntouched(matter: Matter, base: unknown): boolean {
  return matter.refusal === unsent && sameState(matter.run.route, base, theirs(matter));
}

/** The same, where it writes what the caller asked for after all. */
function asAsked(decided: Decided): Decided {
  return 'kind' in decided && decided.kind === 'write' ? { ...decided, isAsAsked: true } : decided;
}

async function decideDelete(matter: Matter): Promise<Decided> {
  const { run, asked, remote } = matter;
  const base = asked.base(remote.kind);
  if (isUntouched(matter, base)) return asAsked(deleteLatest(matter));
  const states = { base, remote: theirs(matter) };
  const chosen = await choice(run, run.route.onStaleDelete, states);
  return chosen === 'delete' ? deleteLatest(matter) : { code: 'stale-delete' };
}

async function decideExisting(matter: Matter): Promise<Decided> {
  const { run, remote } = matter;
  const sides = sidesOf(matter);
  if ('code' in sides) return sides;
  const chosen = await choice(run, run.route.onExists, { local: sides.local, remote: sides.remote });
  if (chosen === 'adopt') return { kind: 'kept-remote', remote };
  return chosen === 'merge' ? decideWrite(matter) : { code: 'exists' };
}

/** What a route chooses: what it says in a word, or a function of the states. */
async function choice<States>(
  { deadline }: Run,
  option: string | ((states: States) => unknown),
  states: States,
): Promise<unknown> {
  const chosen = new Promise((resolve) => resolve(typeof option === 'function' ? option(states) : option));
  return deadline.untimed(chosen);
}

async function decideWrite(matter: Matter): Promise<Decided> {
  const { run, remote, attempt } = matter;
  const sides = sidesOf(matter);
  if ('code' in sides) return sides;
  if (isUntouched(matter, sides.base)) return asAsked(await writeValue(matter, sides.local));
  const decision = await run.deadline.untimed(merge(matter, sides));
  if (!isResolution(decision)) {
    if (decision === undefined) mergeFailed(run, 'returned undefined (did it forget a return?)');
    const decided = await writeValue(matter, decision);
    if (isUnsaid(matter, sides, decided)) return { code: 'base-unknown', reason: noChange };
    if (!('kind' in decided)) return decided;
    const isWrite = decided.kind === 'write';
    run.journal.tell(attempt, { kind: 'merge', decision: isWrite ? 'write' : 'keep-remote' });
    return isWrite || matter.trace !== 'there' ? decided : { kind: 'already-applied', remote };
  }
  run.journal.tell(attempt, { kind: 'merge', decision: decision.kind });
  if (decision.kind === 'keep-remote') return { kind: 'kept-remote', remote };
  const { reason, conflicts = [] } = decision;
  return decision.kind === 'give-up'
    ? { code: 'gave-up', reason, conflicts }
    : questioned(matter, { code: 'needs-decision', reason, conflicts }, decision);
}

/**
 * Whether nothing would be written as base is the very value that is written, and only the caller says that it was ever
 * the state: an optimistic cache shows such a value.
 */
function isUnsaid({ run }: Matter, { base, local }: Sides, decided: Decided): boolean {
  const isKept = 'kind' in decided && decided.kind === 'kept-remote';
  return isKept && run.write.isClaimed === true && sameState(run.route, base, local);
}

const noChange = 'It is the value itself, which does not say what has changed';

/** Has the merge decide; and, where it gives up, whoever is to decide then. */
async function merge(matter: Matter, sides: Sides): Promise<unknown> {
  const { run, refusal, attempt } = matter;
  const { route, deadline } = run;
  // A strategy that the decision is left to gets copies that the user's function hasn't touched.
  const fresh = (): Sides => sidesOf(matter) as Sides;
  const maybeApplied = run.doubts.length > 0;
  const circumstances = { attempt, reason: refusal.reason, maybeApplied, signal: deadline.signal };
  const context: MergeContext = { ...sides, ...circumstances };
  const decision = settle(await route.merge(context), fresh());
  if (!isResolution(decision) || decision.kind !== 'give-up') return decision;
  if (route.onConflict === 'fail' || matter.trace === 'back') return decision;
  if (route.onConflict === 'defer') return { ...decision, kind: 'defer' };
  const { conflicts = [], merged = theirs(matter) } = decision;
  const asked = await route.onConflict({ ...fresh(), ...circumstances, merged, conflicts });
  const answer = settle(asked, fresh());
  // Whoever passes the question on needn't repeat it.
  return isResolution(answer) && answer.kind !== 'keep-remote' ? { conflicts, merged, ...answer } : answer;
}

/** The reason, with what a person is to decide. Nothing is held while they think but what they are shown. */
export function questioned(
  matter: Matter,
  reason: Reason,
  { conflicts = [], merged }: Undecided = {},
): Reason {
  const sides = sidesOf(matter);
  // A delete says no state.
  if ('code' in sides) return reason;
  const { base, local, remote } = sides;
  // It has an id of its own, and what is asked about is settled then.
  const anew = { ...matter, run: { ...matter.run, id: undefined, doubts: [] } };
  const question: Question = {
    base,
    local,
    remote,
    merged: merged ?? theirs(matter),
    conflicts,
    resume: async (value, { signal } = {}) => matter.run.resume(await writeValue(anew, value), signal),
  };
  return { ...reason, question };
}
