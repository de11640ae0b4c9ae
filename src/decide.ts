import { isResolution, settle, type Resolution, type Sides } from './core/resolution.ts';
import type { MergeContext } from './options.ts';
import type { Question } from './report.ts';
import {
  deleteLatest,
  faultsOf,
  localOf,
  mergeFailed,
  recreate,
  sidesOf,
  theirs,
  writeValue,
  type Matter,
  type Refused,
} from './rewrite.ts';
import type { Decided } from './run.ts';

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
  const kind = asked.kind ?? 'json';
  const base = asked.base(kind);
  if (onGone === 'fail' || run.write.method === 'DELETE') return { code: 'gone' };
  const local = localOf(refused, kind, base, base);
  if ('code' in local) return local;
  const ask = async (): Promise<unknown> =>
    typeof onGone === 'function' ? onGone({ base, local: structuredClone(local.value) }) : onGone;
  if ((await run.deadline.untimed(ask())) !== 'recreate') return { code: 'gone' };
  return recreate(refused, local.value);
}

async function decideDelete(matter: Matter): Promise<Decided> {
  const { run, asked, remote } = matter;
  const { onStaleDelete } = run.route;
  const ask = async (): Promise<unknown> =>
    typeof onStaleDelete === 'function'
      ? onStaleDelete({ base: asked.base(remote.kind), remote: theirs(matter) })
      : onStaleDelete;
  if ((await run.deadline.untimed(ask())) !== 'delete') return { code: 'stale-delete' };
  return deleteLatest(matter);
}

async function decideExisting(matter: Matter): Promise<Decided> {
  const { run, remote } = matter;
  const { onExists } = run.route;
  const sides = sidesOf(matter);
  if ('code' in sides) return sides;
  const ask = async (): Promise<unknown> => (typeof onExists === 'function' ? onExists(sides) : onExists);
  const choice = await run.deadline.untimed(ask());
  if (choice === 'adopt') return { kind: 'keep-remote', remote };
  return choice === 'merge' ? decideWrite(matter) : { code: 'exists' };
}

async function decideWrite(matter: Matter): Promise<Decided> {
  const { run, remote, attempt } = matter;
  const sides = sidesOf(matter);
  if ('code' in sides) return sides;
  const decision = await run.deadline.untimed(merge(matter, sides));
  if (!isResolution(decision)) {
    if (decision === undefined) mergeFailed(run, 'returned undefined (did it forget a return?)');
    const decided = await writeValue(matter, decision);
    if ('kind' in decided) run.journal.tell(attempt, { kind: 'merge', decision: decided.kind });
    return decided;
  }
  run.journal.tell(attempt, { kind: 'merge', decision: decision.kind });
  if (decision.kind === 'keep-remote') return { kind: 'keep-remote', remote };
  const { reason, conflicts = [] } = decision;
  return decision.kind === 'give-up'
    ? { code: 'gave-up', reason, conflicts }
    : { code: 'needs-decision', reason, conflicts, question: ask(matter, decision) };
}

/** Has the merge decide; and, where it gives up, whoever is to decide then. */
async function merge(matter: Matter, sides: Sides): Promise<unknown> {
  const { run, refusal, attempt } = matter;
  const { route, deadline } = run;
  // A strategy that the decision is left to gets copies that the user's function hasn't touched.
  const fresh = (): Sides => sidesOf(matter) as Sides;
  const circumstances = { attempt, reason: refusal.reason, signal: deadline.signal };
  const context: MergeContext = { ...sides, ...circumstances };
  const decision = settle(await route.merge(context), fresh());
  if (!isResolution(decision) || decision.kind !== 'give-up' || route.onConflict === 'fail') return decision;
  if (route.onConflict === 'defer') return { ...decision, kind: 'defer' };
  const { conflicts = [], merged = theirs(matter) } = decision;
  return settle(await route.onConflict({ ...fresh(), ...circumstances, merged, conflicts }), fresh());
}

/** What a person is to decide. Nothing is held while they think but what they are shown. */
function ask(
  matter: Matter,
  { conflicts = [], merged }: Extract<Resolution, { kind: 'give-up' | 'defer' }>,
): Question {
  const { base, local, remote } = sidesOf(matter) as Sides;
  return {
    base,
    local,
    remote,
    merged: merged ?? theirs(matter),
    conflicts,
    resume: async (value, { signal } = {}) => matter.run.resume(await writeValue(matter, value), signal),
  };
}
