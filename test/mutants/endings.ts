import type { Mutant } from './mutant.ts';

const bounds = 'test/recovery/bounds.test.ts';

/** What goes wrong with the bounds of a write, and with what is told of it. */
export const endings: readonly Mutant[] = [
  {
    name: 'no-jitter',
    harm: 'Writers that met once meet again, each time.',
    edits: [{ file: 'src/core/backoff.ts', find: 'delay * random', put: 'delay' }],
    killer: {
      file: bounds,
      test: 'waits for a random part of a delay that doubles up to its limit, and not before the first recovery',
    },
  },
  {
    name: 'no-limit',
    harm: 'A write that never comes through is sent for ever.',
    edits: [
      { file: 'src/shell/retry.ts', find: 'retries: limit - 1', put: 'retries: limit + 1_000' },
      {
        file: 'src/stages/pace.ts',
        find: 'sends > route.retry.limit',
        put: 'sends > route.retry.limit + 1_000',
      },
    ],
    killer: { file: bounds, test: 'is sent again %i times where that is the limit' },
  },
  {
    name: 'sent-once-more-after-a-lost-answer',
    harm: 'A write whose answers are lost is sent once more than its limit says.',
    edits: [{ file: 'src/shell/retry.ts', find: 'retries: limit - 1', put: 'retries: limit' }],
    killer: {
      file: 'test/recovery/exhausted.test.ts',
      test: 'may have been made where the server shows what was there before: it may still be on its way',
    },
  },
  {
    name: 'sent-after-an-abort',
    harm: 'A write is made that nobody wants any more.',
    edits: [{ file: 'src/stages/send.ts', find: '  signal.throwIfAborted();\n', put: '' }],
    killer: {
      file: bounds,
      test: 'that is aborted already lets nothing be sent, even by a fetch that knows no signals',
    },
  },
  {
    name: 'timer-left-behind',
    harm: 'A process doesn’t end for half a minute after its last write.',
    edits: [{ file: 'src/recover.ts', find: '    deadline.stop();\n', put: '' }],
    killer: { file: bounds, test: 'leaves no timer, and no listener on any signal' },
  },
  {
    name: 'init-by-its-own-members',
    harm: 'A DELETE goes out as a GET, and is told as made.',
    edits: [
      {
        file: 'src/shell/request.ts',
        find: 'new Set([...members, ...Object.keys(given)])',
        put: 'Object.keys(given)',
      },
    ],
    killer: { file: 'test/recovery/taken.test.ts', test: 'that %s is taken as by fetch' },
  },
  {
    name: 'stream-left-open',
    harm: 'What a stream reads from stays open, though nothing was sent.',
    edits: [
      {
        file: 'src/stages/send.ts',
        find: 'if (signal.aborted && isStream(source)) letGo(source, signal.reason);',
        put: 'void [source, letGo];',
      },
    ],
    killer: {
      file: 'test/recovery/taken.test.ts',
      test: 'is cancelled where it isn’t sent, as the signal was aborted before',
    },
  },
  {
    name: 'redirect-not-minded',
    harm: 'A write that was made, and answered by a redirect to where nobody is, is made again.',
    edits: [
      {
        file: 'src/shell/unsent.ts',
        find: '!(mayFollow && isElsewhere(first, url))',
        put: '(mayFollow || !isElsewhere(first, url))',
      },
    ],
    killer: {
      file: 'test/recovery/unsent.test.ts',
      test: '%s may have left, and its answer have led there: it is looked for',
    },
  },
  {
    name: 'answer-too-late-by-nothing',
    harm: 'A conflict that comes in the moment of a timeout ends a write whose time isn’t over.',
    edits: [
      {
        file: 'src/stages/send.ts',
        find: '    deadline.reset();\n    call.inFlight = false;',
        put: '    call.inFlight = false;',
      },
    ],
    killer: {
      file: 'test/recovery/answers.test.ts',
      test: 'of one request is an answer, which is recovered from',
    },
  },
  {
    name: 'refusal-held',
    harm: 'Each write that turns out to be made holds a connection.',
    edits: [
      {
        file: 'src/recovery/finish.ts',
        find: '  if (refused) discard(refused);\n  const response',
        put: '  const response',
      },
    ],
    killer: {
      file: 'test/recovery/answers.test.ts',
      test: 'is let go of where the last look finds the write made',
    },
  },
  {
    name: 'refusal-without-end',
    harm: 'A refusal whose body stalls holds up its error past totalTimeout.',
    edits: [
      {
        file: 'src/recover.ts',
        find: 'if (shared.readsRefusals && !response.ok) await',
        put: 'if (shared.readsRefusals === undefined) await',
      },
    ],
    killer: {
      file: 'test/client/time.test.ts',
      test: 'is over for the body of a refusal, too, %s',
    },
  },
  {
    name: 'query-told',
    harm: 'A token in a query string gets into every log.',
    edits: [
      {
        file: 'src/report.ts',
        find: 'addressOf({ origin, pathname }: URL): string {\n  return origin + pathname;',
        put: 'addressOf({ href }: URL): string {\n  return href;',
      },
    ],
    killer: {
      file: 'test/recovery/telling.test.ts',
      test: 'and the report hear no body, no credential and no query',
    },
  },
  {
    name: 'weak-tag-sent',
    harm: 'If-Match never matches a weak tag, so the write is refused for ever.',
    edits: [
      {
        file: 'src/core/version.ts',
        find: "if (isWeak && (weak === 'refuse' || weak === 'wait')) return 'weak';",
        put: '',
      },
    ],
    killer: {
      file: 'test/recovery/versions.test.ts',
      test: 'that is %s stops the recovery, and nothing is written',
    },
  },
  {
    name: 'delete-by-default',
    harm: 'What somebody has just changed is deleted.',
    edits: [{ file: 'src/defaults.ts', find: "changed: 'fail' },", put: "changed: 'delete' }," }],
    killer: {
      file: 'test/recovery/delete.test.ts',
      test: 'fails by default, with the server’s own answer',
    },
  },
];
