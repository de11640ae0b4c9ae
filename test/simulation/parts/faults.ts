import { fault, mutant, type Planted } from '../../mutants/hunt.ts';

/** What a patch says less, or otherwise, than it has to. */
const patches: readonly Planted[] = [
  fault(
    'smallest-for-all',
    'A server that replaces whole objects loses what others have in them.',
    "another's part",
    {
      file: 'src/merge/patch-format.ts',
      find: 'const again = smallest ? {} :',
      put: 'const again = nulls ? {} :',
    },
  ),
  fault('nulls-unsaid', 'What is null in an object that is said again is gone.', "another's part", {
    file: 'src/merge/patch-format.ts',
    find: "saidAgain(asked ?? change, merged, base, nulls !== 'removal', isWhole)",
    put: 'saidAgain(asked ?? change, merged, base, false, isWhole)',
  }),
  fault('null-as-removal', 'A null that is a value takes its member away.', 'not recovered', {
    file: 'src/merge/merge-patch.ts',
    find: "change === null && (nulls === 'removal' || (nulls === 'either' && now !== null));",
    put: "change === null && (nulls !== 'missing' || now !== null);",
  }),
  fault(
    'null-as-value',
    'A member that is to be removed can not be: a null is taken for its value.',
    'not recovered',
    {
      file: 'src/merge/merge-patch.ts',
      find: "change === null && (nulls === 'removal' || (nulls === 'either' && now !== null));",
      put: "change === null && nulls === 'either' && now !== null;",
    },
  ),
  fault('test-left-out', 'A JSON Patch is made though what it tests is no longer so.', 'test passed over', {
    file: 'src/merge/json-patch.ts',
    find: 'of testsIn(asked)) {',
    put: 'of testsIn([])) {',
  }),
  fault(
    'version-untested',
    'A JSON Patch goes out again without the version that it has to test.',
    'unconditional write',
    {
      file: 'src/merge/json-patch.ts',
      find: 'const tests = versionTests(fresh);',
      put: 'const tests = versionTests([fresh]);',
    },
  ),
  fault(
    'patch-replayed',
    'A JSON Patch goes out again by positions that are others by now.',
    "another's part",
    {
      file: 'src/merge/json-patch.ts',
      find: '...changesBetween(remote, merged, maxSteps)]',
      put: '...(asked as Change[]).filter(({ op }) => remote && merged && op !== "test")]',
    },
  ),
];

/** What is taken for a proof that an action was made, or done once more. */
const actions: readonly Planted[] = [
  mutant('actions-taken-for-a-state', 'doubled'),
  fault('action-proven-by-equality', 'Who has done nothing is told so by what another has done.', 'lost', {
    file: 'src/recovery/write-id.ts',
    find: "const saysState = means !== 'actions' && (",
    put: 'const saysState = means !== undefined && (',
  }),
  fault('lost-taken-for-unmade', 'An action that was made is made again.', 'doubled', {
    file: 'src/stages/classify.ts',
    find: 'inDoubt: isOpen ? sent : undefined,',
    put: 'inDoubt: undefined,',
  }),
];

/** What a replica shows, and is past. */
const lagging: readonly Planted[] = [
  mutant('past-taken-for-present', 'lost'),
  mutant('reads-of-verbs-unnoted', 'lost'),
  mutant('writes-of-verbs-unnoted', 'lost'),
  mutant('past-re-read-taken-for-present', 'lost'),
  fault(
    'found-taken-for-written',
    'A state that a late replica shows is taken for what was written.',
    'lost',
    {
      file: 'src/client/versions.ts',
      find: "const isFound = outcome === 'unchanged' || outcome === 'already-applied';",
      put: 'const isFound = false;',
    },
  ),
];

/** Every fault that schedules of clients who change parts of one resource have to run into. */
export const ofParts: readonly Planted[] = [...patches, ...actions, ...lagging];
