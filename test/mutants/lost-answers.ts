import type { Edit, Mutant } from './mutant.ts';

/** A mutant of one edit that a test of doubts has to kill. */
function doubtful(name: string, harm: string, edit: Edit, test: string): Mutant {
  return { name, harm, edits: [edit], killer: { file: 'test/recovery/doubt.test.ts', test } };
}

/** What goes wrong where an answer is lost, or a server is overloaded. */
export const lostAnswers: readonly Mutant[] = [
  doubtful(
    'resent-without-a-look',
    'A write that was made is made again.',
    {
      file: 'src/recover.ts',
      find: "if (trouble.kind === 'ambiguous' && trouble.canResend && !isLast)",
      put: "if (trouble.kind === 'ambiguous' && (trouble.canResend || trouble.inDoubt) && !isLast)",
    },
    'was made where the server shows what it says, and is not sent again',
  ),
  doubtful(
    'resent-without-its-precondition',
    'What others wrote meanwhile is overwritten.',
    {
      file: 'src/recovery/write-id.ts',
      find: '  const request = requestOf(write, body, write);',
      put: `  const request = requestOf(write, body, write);
  request.headers.delete('if-match');`,
    },
    'is sent again as it was, under the same version, where the server shows that it was not made',
  ),
  doubtful(
    'write-id-not-compared',
    'A write is held for unknown though the server shows that it was made.',
    {
      file: 'src/stages/weigh.ts',
      find: '[ids].flat().includes(id)',
      put: "[ids].flat().includes('')",
    },
    'was made where the server shows its id, whatever else has changed since',
  ),
  doubtful(
    'any-write-id-believed',
    "A write is held for made because somebody else's was.",
    {
      file: 'src/stages/weigh.ts',
      find: '[ids].flat().includes(id)',
      put: 'ids !== undefined',
    },
    'was not made for all that is known where the server shows the id of another',
  ),
  doubtful(
    'equality-proves-an-update',
    'One of two equal steps of a counter is lost.',
    {
      file: 'src/recovery/write-id.ts',
      find: 'return saysState && merge.additive !== true;',
      put: 'return saysState && (merge.additive !== true || true);',
    },
    'is not held for made because another update came to the same',
  ),
  doubtful(
    'merged-twice',
    'What adds up is added twice.',
    {
      file: 'src/stages/weigh.ts',
      find: "return merge.repeatable === true && (means !== 'actions' || !isStrategy(merge));",
      put: "return merge.repeatable !== false && (means !== 'actions' || !isStrategy(merge));",
    },
    'is not merged a second time by a merge that adds up',
  ),
  doubtful(
    'doubt-forgotten-after-a-resend',
    'A replica that lagged makes a write be merged onto itself.',
    {
      file: 'src/recover.ts',
      find: '    const evidence = weigh(',
      put: `    if (!last) at = { ...at, inDoubt: [] };
    const evidence = weigh(`,
    },
    'stays in doubt when it is sent again and refused: what it left is looked for before any merge',
  ),
  {
    name: 'listed-failure-taken-for-a-conflict',
    harm: 'A counter whose write was made, and answered by a 500, counts twice.',
    edits: [
      {
        file: 'src/stages/classify.ts',
        find: 'if (!verdict && !state && leavesOpen(response.status))',
        put: 'if (!verdict && !state && !leavesOpen(response.status) && !response)',
      },
    ],
    killer: {
      file: 'test/recovery/listed-failures.test.ts',
      test: 'has an update made once, or told as unknown',
    },
  },
  doubtful(
    'unconditional-write-replayed',
    'Two orders for one click.',
    {
      file: 'src/stages/classify.ts',
      find: 'canResend: (!isOpen && isConditional(sent, route)) || isKnownAgain(sent, route),',
      put: 'canResend: !isOpen || !isConditional(sent, route) || isKnownAgain(sent, route),',
    },
    'is never sent again by itself, if it is a %s',
  ),
  doubtful(
    'key-renewed-for-the-same-bytes',
    'A server that keeps keys makes one request twice.',
    {
      file: 'src/recover.ts',
      find: "if (trouble.kind === 'ambiguous' && trouble.canResend && !isLast) return trouble.sent;",
      put: `if (trouble.kind === 'ambiguous' && trouble.canResend && !isLast) {
      trouble.sent.request.headers.set('idempotency-key', \`"\${shared.clock.id()}"\`);
      return trouble.sent;
    }`,
    },
    'stays the same for the same bytes, so that a server which has made them makes them once',
  ),
  doubtful(
    'key-kept-for-other-bytes',
    'A server that keeps keys answers with what it did before, and the merge is lost.',
    {
      file: 'src/stages/build.ts',
      find: 'const isAnother = !isOwn || !isAsAsked',
      put: 'const isAnother = !isAsAsked',
    },
    'is another for other bytes',
  ),
  doubtful(
    'key-in-flight-merged',
    'What is still being made is merged onto itself.',
    {
      file: 'src/stages/classify.ts',
      find: 'if (isKeyed(sent, call) &&',
      put: 'if (response.status === 422 && isKeyed(sent, call) &&',
    },
    'that the server is still at work on waits, and goes out again with the same bytes',
  ),
  doubtful(
    'key-reused-unnoticed',
    'A key that stands for another request is sent for ever.',
    {
      file: 'src/stages/classify.ts',
      find: 'return response.status === 422\n',
      put: 'return response.status === 423\n',
    },
    'that the server knows with other bytes stops',
  ),
  doubtful(
    '429-held-for-lost',
    'A server with too much to do gets a read for each write that it refused.',
    {
      file: 'src/core/verdict.ts',
      find: 'return status === 408 ||',
      put: 'return status === 408 || status === 429 ||',
    },
    'has not made what it answers by 429: the same goes out again, without a look',
  ),
  doubtful(
    're-read-for-ever',
    'A server that is down is read again until the time is up.',
    {
      file: 'src/stages/read/look.ts',
      find: 'if (retry > route.retry.limit) return read.failed;',
      put: 'if (retry > 1_000) return read.failed;',
    },
    'is asked again for a re-read, but not for ever',
  ),
  doubtful(
    'no-budget',
    'An outage multiplies the requests of every write.',
    {
      file: 'src/recovery/call.ts',
      find: 'if (!budget) return true;',
      put: 'if (budget !== null) return true;',
    },
    'is left alone by all writes of a client once most of them fail',
  ),
  doubtful(
    'budget-never-refilled',
    'A client that met many conflicts recovers no more.',
    {
      file: 'src/recovery/accept.ts',
      find: "if (outcome.outcome !== 'failed') call.shared.budget",
      put: "if (outcome.outcome === 'failed') call.shared.budget",
    },
    'gets all that was asked for again when writes succeed',
  ),
  doubtful(
    'log-not-believed',
    'A write is held for unknown though the server shows that it was not made.',
    {
      file: 'src/stages/weigh.ts',
      find: 'if (areUnmade || isDisproved(inDoubt, ids, id, route))',
      put: 'if (areUnmade || isDisproved(inDoubt, undefined, id, route))',
    },
    'was not made where the log goes back to what it was made of, and lacks it: it is merged, once',
  ),
  doubtful(
    'short-log-believed',
    'A write that the log has forgotten is made again.',
    { file: 'src/recovery/write-id.ts', find: 'ids.includes(sent.at(-2))', put: 'ids.length > 0' },
    'stays in doubt where the log begins later than that',
  ),
];
