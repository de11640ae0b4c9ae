import { fault, mutant, type Planted } from '../mutants/hunt.ts';

/** What is taken for a proof that a write was made, or that it wasn't, and is none. */
const proofs: readonly Planted[] = [
  fault('equal-create-taken-for-ours', 'Two hold one lock.', 'lost', {
    file: 'src/stages/weigh.ts',
    find: `provesByEquality(sent, route) &&
      !isNew(sent, route) &&`,
    put: 'provesByEquality(sent, route) &&',
  }),
  mutant('any-write-id-believed', 'lost'),
  mutant('empty-log-believed', 'doubled'),
  mutant('short-log-believed', 'doubled'),
];

/** What is made once more, and may have been made. */
const twice: readonly Planted[] = [
  mutant('undo-undone', 'doubled'),
  mutant('items-of-a-list-overlooked', 'doubled'),
  mutant('merged-twice', 'doubled'),
  fault('lost-taken-for-unmade', 'A write that was made is made again.', 'doubled', {
    file: 'src/stages/classify.ts',
    find: 'inDoubt: isOpen ? sent : undefined,',
    put: 'inDoubt: undefined,',
  }),
];

/** What is written over. */
const over: readonly Planted[] = [
  mutant('first-difference-sent-again', 'lost'),
  mutant('if-match-dropped', 'unconditional write'),
  mutant('resent-without-its-precondition', 'unconditional write'),
];

/** What goes wrong with writes that the server takes on and makes later. */
const pending: readonly Planted[] = [
  mutant('finished-told-as-aborted', 'false failure'),
  mutant('pending-told-as-not-made', 'false failure'),
  mutant('torn-status-taken-for-success', 'lost'),
];

/** Faults of what is done where an answer is lost, which schedules of writers have to run into. */
const lost: readonly Planted[] = [...proofs, ...twice, ...over];

/** The same, and those of writes that are made later. */
export const ofWriters: readonly Planted[] = [...lost, ...pending];

/** Those that every schedule of a small scope runs into. By chance the last one takes too long. */
export const ofEverySchedule: readonly Planted[] = [...lost, mutant('log-put-back-believed', 'doubled')];
