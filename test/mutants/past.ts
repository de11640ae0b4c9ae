import type { Mutant } from './mutant.ts';

/** What a replica shows, and a client takes for the newest though it has met a newer one. */
export const past: readonly Mutant[] = [
  {
    name: 'past-taken-for-present',
    harm: 'An update that reads from a replica does nothing, and says that there was nothing to do.',
    edits: [
      {
        file: 'src/client/batch.ts',
        find: 'made !== known.content || this.#queue.io.isPast(known)',
        put: 'made !== known.content',
      },
    ],
    killer: { file: 'test/client/lagging.test.ts', test: 'is made of what is there: it has %s' },
  },
  {
    name: 'reads-of-verbs-unnoted',
    harm: 'An update takes for the newest what this client has read a newer version than.',
    edits: [
      {
        file: 'src/client/create.ts',
        find: 'bases.onVersion = (at, version) => versions.read(at, version);',
        put: 'bases.onVersion = () => undefined;',
      },
    ],
    killer: { file: 'test/client/lagging.test.ts', test: 'is made of what is there: by a verb it has %s' },
  },
  {
    name: 'writes-of-verbs-unnoted',
    harm: 'An update takes for the newest what this client has itself replaced.',
    edits: [
      {
        file: 'src/client/call.ts',
        find: 'if (!internal.route) noteVersionAfter(',
        put: 'if (internal.throws && !internal.route) noteVersionAfter(',
      },
    ],
    killer: { file: 'test/client/lagging.test.ts', test: 'is made of what is there: by a verb it has %s' },
  },
  {
    name: 'past-re-read-taken-for-present',
    harm: 'An update whose re-read comes from a replica does nothing, and says that there was nothing to do.',
    edits: [
      {
        file: 'src/stages/build.ts',
        find: 'if (isSame && !route.batch?.isPast(version))',
        put: 'if (isSame)',
      },
    ],
    killer: {
      file: 'test/client/lagging.test.ts',
      test: 'is made of what is there though a re-read lags, too',
    },
  },
];
