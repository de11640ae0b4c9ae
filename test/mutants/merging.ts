import type { Mutant } from './mutant.ts';

const moves = 'test/merge/moves.test.ts';
const patches = 'test/merge/patches.test.ts';
const steps = 'test/merge/steps.test.ts';

/** What goes wrong in merges, and in patches that are made anew. */
export const merging: readonly Mutant[] = [
  {
    name: 'moves-not-followed',
    harm: 'A card that both sides moved is in two columns.',
    edits: [
      {
        file: 'src/merge/three-way.ts',
        find: 'const joined = join?.(sides, places, resolve, meter);',
        put: 'const joined = resolve === meter ? join?.(sides, places, resolve, meter) : undefined;',
      },
    ],
    killer: {
      file: moves,
      test: 'is one item, where the remote has it, and a conflict that says where each side has it',
    },
  },
  {
    name: 'removed-card-comes-back',
    harm: 'A card that one side removed and the other moved is back from the dead, and nobody is told.',
    edits: [
      {
        file: 'src/merge/moves.ts',
        find: 'if (!moved.at[other] || isGone) this.#contest(moved);',
        put: 'if (isGone) this.#contest(moved);',
      },
    ],
    killer: { file: moves, test: 'is a conflict, and stands where it was moved to meanwhile' },
  },
  {
    name: 'same-id-is-same-card',
    harm: 'Two rows of different tables that only share a number are taken for one.',
    edits: [
      {
        file: 'src/merge/identity.ts',
        find: 'isGuess: shared === undefined,',
        put: 'isGuess: false,',
      },
    ],
    killer: { file: moves, test: 'are not those whose items only have the same ids' },
  },
  {
    name: 'uncalled-rule-is-a-merge',
    harm: 'A document holds the rule itself where its text was.',
    edits: [
      {
        file: 'src/core/resolution.ts',
        find: "if (typeof merge !== 'function' || !(maker in merge)) return;",
        put: "if (typeof merge !== 'string') return;",
      },
    ],
    killer: { file: 'test/merge/not-called.test.ts', test: 'is refused when the table is made: %s' },
  },
  {
    name: 'wrong-key-is-a-conflict',
    harm: 'A misspelt key makes every edit of the list a conflict, and nothing says why.',
    edits: [
      {
        file: 'src/merge/list.ts',
        find: 'identity.demand([remote, base, local], walk.path());',
        put: '',
      },
    ],
    killer: {
      file: 'test/merge/keys.test.ts',
      test: 'that no item has is a wrong table, and is told where both sides changed the list',
    },
  },
  {
    name: 'removed-items-order-the-rest',
    harm: 'A list written again after a lost answer comes out in another order, while nobody changes it.',
    edits: [{ file: 'src/merge/order.ts', find: '].filter(survives);', put: '];' }],
    killer: {
      file: 'test/merge/rules.test.ts',
      test: 'merges to what it merges to again, where moves meet removals',
    },
  },
  {
    name: 'line-ends-are-edits',
    harm: 'A text area that shows LF for CRLF conflicts in every line.',
    edits: [
      {
        file: 'src/merge/line-ends.ts',
        find: 'if (ours === before && theirs === before) return undefined;',
        put: 'if (before !== undefined) return undefined;',
      },
    ],
    killer: {
      file: 'test/merge/line-ends.test.ts',
      test: 'has the other side’s lines, with these line ends',
    },
  },
  {
    name: 'sum-out-of-range-is-written',
    harm: 'Counting past what a number can hold loses one side’s change.',
    edits: [
      {
        file: 'src/merge/counter.ts',
        find: 'if (!isSafe(number)) return undefined;',
        put: '',
      },
      {
        file: 'src/merge/counter.ts',
        find: "if (!all.every((value) => typeof value === 'bigint' || isSafe(value))) return undefined;",
        put: '',
      },
    ],
    killer: {
      file: 'test/merge/rules.test.ts',
      test: 'refuses a sum in which a part of a change would be lost, and says so',
    },
  },
  {
    name: 'hole-is-equal-to-all',
    harm: 'A list with a hole counts as equal to one with a value there, so a change is lost.',
    edits: [
      {
        file: 'src/core/equal.ts',
        find: 'if (!sameAt(one[index], other[index], later, level)) return false;',
        put: 'if (index in one && !sameAt(one[index], other[index], later, level)) return false;',
      },
    ],
    killer: { file: 'test/core/equal.test.ts', test: 'may have holes, which are read as undefined' },
  },
  {
    name: 'steps-for-each-field',
    harm: 'Three hundred fields of seven hundred equal lines hold the thread for minutes.',
    edits: [{ file: 'src/core/bounds.ts', find: 'steps -= wanted;', put: '' }],
    killer: { file: steps, test: 'is for the whole of it, not for each field' },
  },
  {
    name: 'patch-says-less',
    harm: 'A column that the caller sent whole is replaced by its one changed member.',
    edits: [
      {
        file: 'src/merge/patch-format.ts',
        find: "const again = smallest ? {} : saidAgain(asked ?? change, merged, base, nulls !== 'removal', isWhole);",
        put: "const again = smallest || asked ? {} : saidAgain(asked ?? change, merged, base, nulls !== 'removal', isWhole);",
      },
    ],
    killer: {
      file: patches,
      test: 'says an object whole that the caller said whole, with what others have changed and added there',
    },
  },
  {
    name: 'others-members-dropped-from-a-column',
    harm: 'What somebody else has put into a column is lost where the server replaces it whole.',
    edits: [
      {
        file: 'src/merge/said-again.ts',
        find: 'else if (isInside && !equal(start, value))',
        put: 'else if (isInside && equal(named, value))',
      },
    ],
    killer: {
      file: patches,
      test: 'brings a server that replaces the members whole to the merged state, where null is a value',
    },
  },
  {
    name: 'json-patch-without-its-version',
    harm: 'A JSON Patch overwrites what somebody else has saved meanwhile.',
    edits: [
      {
        file: 'src/merge/json-patch.ts',
        find: '[...versionTests(version), ...(patch as readonly unknown[])]',
        put: '(void version, patch)',
      },
    ],
    killer: {
      file: 'test/recovery/patch.test.ts',
      test: 'without a word of the version is sent with a test of it, where only the body has one',
    },
  },
  {
    name: 'null-removes-a-column',
    harm: 'Two users who cleared the same date meet a conflict, and a nullable member breaks the schema.',
    edits: [
      {
        file: 'src/merge/merge-patch.ts',
        find: "(nulls === 'removal' || (nulls === 'either' && now !== null))",
        put: "(nulls !== 'missing')",
      },
    ],
    killer: {
      file: 'test/recovery/patch.test.ts',
      test: 'that sets null on a server where null is a value agrees with whoever did the same',
    },
  },
];
