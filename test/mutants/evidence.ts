import type { Edit, Mutant } from './mutant.ts';

function unproven(name: string, harm: string, edit: Edit, test: string): Mutant {
  return { name, harm, edits: [edit], killer: { file: 'test/recovery/evidence.test.ts', test } };
}

/** What is taken for a proof, and is none. */
export const evidence: readonly Mutant[] = [
  unproven(
    'undo-undone',
    'What somebody has taken back is written again.',
    {
      file: 'src/stages/weigh.ts',
      find: "return route.reverts && found.includes('back') ? 'back' : 'over';",
      put: "return 'over';",
    },
    'is not written again: %s',
  ),
  unproven(
    'undo-of-a-merge-undone',
    'What was merged onto, and put back, is written over again.',
    {
      file: 'src/stages/weigh.ts',
      find: 'return latest ? remoteState(latest, route) : intent.base(kind);',
      put: 'return intent.base(latest?.kind ?? kind);',
    },
    'is not written again after a merge, either',
  ),
  unproven(
    'items-of-a-list-overlooked',
    'An item that was removed comes back.',
    {
      file: 'src/core/trace.ts',
      find: "return isWithin(first, second, third) ? 'there' : 'back';",
      put: "return isWithin(first, second, third) ? 'there' : 'over';",
    },
    'is not written again though others have changed the list that it was in',
  ),
  unproven(
    'unknown-base-taken-for-another',
    'Where nobody knows what was there before, what was taken back is written again.',
    {
      file: 'src/core/trace.ts',
      find: "if (before === undefined || equal(before, now)) return 'back';",
      put: "if (before !== undefined && equal(before, now)) return 'back';",
    },
    'is not written again: %s',
  ),
  unproven(
    'chosen-taken-for-made',
    'Who was not heard is told that their write was made.',
    {
      file: 'src/recover.ts',
      find: "trace === 'there' ? 'already-applied'",
      put: "at.inDoubt.length > 0 ? 'already-applied'",
    },
    'isn’t told to be made where %s',
  ),
  unproven(
    'twin-taken-for-ours',
    'Two hold one lock.',
    {
      file: 'src/stages/weigh.ts',
      find: 'const isCreated = !of && (isNew(sent, route) || intent.creates);',
      put: 'const isCreated = !of && intent.isTooDeep;',
    },
    'is not told to have created what another one may have, though the merge goes on from that',
  ),
  unproven(
    'actions-taken-for-a-state',
    'An action is done twice.',
    {
      file: 'src/stages/weigh.ts',
      find: "return merge.repeatable === true && (means !== 'actions' || !isStrategy(merge));",
      put: 'return merge.repeatable === true || !means || isStrategy(merge) === undefined;',
    },
    'that says what is to be done is proven by no state, and is not sent twice',
  ),
  unproven(
    'post-proven-by-nothing',
    'A write by POST that was made is left unknown.',
    {
      file: 'src/recovery/write-id.ts',
      find: "(request.method === 'PUT' || request.method === replace)",
      put: "request.method === 'PUT'",
    },
    'that says a whole state is proven by that state, as a PUT is',
  ),
  unproven(
    'log-put-back-believed',
    'A write is made again that was made, and put back with the log.',
    {
      file: 'src/recovery/write-id.ts',
      find: ' && ids.at(-1) !== sent.at(-2)',
      put: '',
    },
    'disproves nothing where it %s',
  ),
  unproven(
    'empty-log-believed',
    'A write is made again, as a log that was begun anew lacks it.',
    {
      file: 'src/recovery/write-id.ts',
      find: 'return sent.length > 1 && ids.includes(sent.at(-2))',
      put: 'return (sent.length === 1 || ids.includes(sent.at(-2)))',
    },
    'disproves nothing where it was empty before',
  ),
  unproven(
    'log-of-others-cut-short',
    'The proofs of others are thrown away.',
    {
      file: 'src/recovery/write-id.ts',
      find: 'slice(writeId.keep > ids.length ? 0 : 1)',
      put: 'slice(-writeId.keep)',
    },
    'is kept as long as the one who keeps most of it keeps it',
  ),
  unproven(
    'log-of-others-replaced',
    'A patch takes the others their proofs.',
    {
      file: 'src/recovery/write-id.ts',
      find: "if (base === undefined && write.method === 'PATCH' && 'keep' in route.writeId) return sent;",
      put: '',
    },
    'of others is left as it is by a patch of which nobody knows what it was made of',
  ),
  {
    name: 'bound-for-each-list',
    harm: 'A lost write of a document with many lists holds the thread.',
    edits: [
      {
        file: 'src/core/trace.ts',
        find: 'left -= (before.length',
        put: 'left = most - (before.length',
      },
    ],
    killer: {
      file: 'test/core/trace.test.ts',
      test: 'is looked into within one bound for all lists together',
    },
  },
  {
    name: 'compared-at-each-level',
    harm: 'A lost write of a deep document holds the thread.',
    edits: [
      {
        file: 'src/core/trace.ts',
        find: 'if (isRecord(before) && isRecord(after) && isRecord(now)) return',
        put: 'if (!equal(before, now) && isRecord(before) && isRecord(after) && isRecord(now)) return',
      },
    ],
    killer: { file: 'test/core/trace.test.ts', test: 'compares each value a few times, however deep it is' },
  },
];
