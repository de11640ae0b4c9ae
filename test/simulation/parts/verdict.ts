import { judge, type Violation } from '../history.ts';
import type { State } from '../model-server.ts';
import { writtenOf } from '../notebook.ts';
import { clear, holds, leavesOf, type Document } from './document.ts';
import type { Deed } from './record.ts';
import type { Scenario } from './scenario.ts';

/** All that has come of a schedule. */
export interface Past {
  readonly scenario: Pick<Scenario, 'workload' | 'nulls' | 'isCalm'>;
  readonly states: readonly State[];
  readonly unconditional: number;
  readonly deeds: readonly Deed[];
}

/** What is wrong with a schedule, by what the server had and what the callers were told. */
export function judgeParts(past: Past): readonly Violation[] {
  const { unconditional, deeds, scenario } = past;
  const violations: Violation[] = [];
  if (unconditional > 0) violations.push({ kind: 'unconditional write', what: `${unconditional} times` });
  for (const { entry } of deeds) {
    const { id, outcome } = entry;
    if (outcome === undefined) violations.push({ kind: 'never ends', what: id });
  }
  for (const { entry, plan } of scenario.isCalm ? deeds : [])
    if (entry.outcome !== 'ok' && plan.phase === undefined)
      violations.push({ kind: 'not recovered', what: `${entry.id} ended with ${entry.said}` });
  const isActions = scenario.workload === 'actions';
  return [
    ...violations,
    ...judgeStates(past),
    ...deeds.flatMap((deed) => (isActions ? judgeAction(deed, past) : judgeDeed(deed, past))),
  ];
}

/** Each state differs from the one before by what the write in whose name it was made is about, and by nothing else. */
function judgeStates({ states, deeds, scenario }: Past): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [index, { text, operation }] of states.entries()) {
    const before = states[index - 1];
    const deed = deeds.find(({ entry }) => entry.id === operation);
    if (!deed || !before) continue;
    const [was, is] = [documentOf(before), documentOf({ text })];
    const { plan, entry } = deed;
    if (plan.phase !== undefined && was.phase !== plan.phase)
      violations.push({ kind: 'test passed over', what: `${entry.id} was made while it was ${was.phase}` });
    for (const what of strayIn(was, is, deed, scenario.nulls))
      violations.push({ kind: "another's part", what: `${entry.id} ${what}` });
  }
  return violations;
}

function strayIn(was: Document, is: Document, { plan }: Deed, nulls: Scenario['nulls']): readonly string[] {
  const [before, after] = [leavesOf(was), leavesOf(is)];
  const strays: string[] = [];
  for (const place of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(place) === after.get(place) || place === '/version' || place === '/do') continue;
    const wanted = plan.sets[place];
    const isOwn = wanted !== undefined && after.get(place) === JSON.stringify(wanted ?? clear(nulls));
    if (place !== '/items' && !isOwn) strays.push(`made ${after.get(place) ?? 'nothing'} of ${place}`);
  }
  const lost = was.items.filter((item) => !is.items.includes(item) && item !== plan.drops);
  const gained = is.items.filter((item) => !was.items.includes(item) && item !== plan.adds);
  if (lost.length > 0) strays.push(`took ${lost.join()}`);
  if (gained.length > 0) strays.push(`brought back ${gained.join()}`);
  return strays;
}

/** An action is made exactly once, or it is told that nobody knows. */
function judgeAction({ entry }: Deed, { states }: Past): readonly Violation[] {
  const [written] = writtenOf([entry]);
  return written ? judge(written, states.filter(({ operation }) => operation === entry.id).length) : [];
}

/** What was told as made is there, or was there when it was told; what was told as not made was never made. */
function judgeDeed(deed: Deed, { states, scenario }: Past): readonly Violation[] {
  const { entry, plan, from, to, verb, passed } = deed;
  const isMade = states.filter(({ operation }) => operation === entry.id).length;
  const isKept = entry.said === 'unchanged';
  const shown = states.filter(
    ({ number }) => number <= to && (number >= from || (isKept && !scenario.isCalm)),
  );
  // What an update found there may be old, but not older than what its client has met.
  const due = isKept && verb === 'update' ? shown.filter(({ number }) => !passed.has(number)) : shown;
  const isThere = due.some((state) => holds(documentOf(state), plan, scenario.nulls));
  const [written] = writtenOf([entry]);
  if (!written) return [];
  const isOk = entry.outcome === 'ok';
  const comings = plan.adds === undefined ? 0 : comingsOf(plan.adds, states);
  return [
    ...judge({ ...written, isIdempotent: true }, isOk ? Number(isThere) : isMade),
    ...(comings > 1 ? [{ kind: 'doubled' as const, what: `${entry.id} came ${comings} times` }] : []),
  ];
}

/** How many times something has come into the list. */
function comingsOf(id: string, states: readonly State[]): number {
  const counts = states.map((state) => documentOf(state).items.filter((item) => item === id).length);
  return counts.reduce((sum, count, index) => sum + Math.max(0, count - (counts[index - 1] ?? 0)), 0);
}

function documentOf({ text }: Pick<State, 'text'>): Document {
  return JSON.parse(text ?? '{}') as Document;
}
