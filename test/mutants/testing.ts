import type { Mutant } from './mutant.ts';

/** Mutants of the server for tests: one that lies has a test of a broken client pass. */
export const forTests: readonly Mutant[] = [
  {
    name: 'origin-takes-any-version',
    harm: 'A test passes, though its client overwrites what others have saved.',
    edits: [
      {
        file: 'src/testing/service.ts',
        find: "return this.#matches(named, current) ? undefined : 'stale';",
        put: 'return this.#matches(named, current) ? undefined : undefined;',
      },
    ],
    killer: {
      file: 'test/testing/contract.test.ts',
      test: 'is kept in the shape of %s',
    },
  },
  {
    name: 'origin-has-versions-twice',
    harm: 'A resource that was deleted and made again takes a write that was meant for the old one.',
    edits: [
      {
        file: 'src/testing/store.ts',
        find: '{ current: undefined, previous: current, count: count + 1 }',
        put: '{ current: undefined, previous: current, count: 0 * count }',
      },
    ],
    killer: {
      file: 'test/testing/origin.test.ts',
      test: 'deletes under a version, and has no version come twice',
    },
  },
  {
    name: 'origin-keeps-what-the-test-keeps',
    harm: 'A test that changes its own object changes the server, and no conflict is met.',
    edits: [
      {
        file: 'src/testing/origin.ts',
        find: 'return structuredClone(this.#store.get(path)?.value);',
        put: 'return this.#store.get(path)?.value;',
      },
    ],
    killer: { file: 'test/testing/origin.test.ts', test: 'keeps its states to itself' },
  },
  {
    name: 'lost-answer-is-a-lost-request',
    harm: 'No test ever meets a write that was made and not told of.',
    edits: [
      {
        file: 'src/testing/origin.ts',
        find: "if (other || step === 'lose-request') {",
        put: "if (other || step === 'lose-request' || step === 'lose-answer') {",
      },
    ],
    killer: { file: 'test/testing/faults.test.ts', test: '%s of a PUT ends as %s' },
  },
  {
    name: 'test-clock-by-fake-timers',
    harm: 'A test hangs while the fake timers of its runner are on.',
    edits: [
      {
        file: 'src/testing/clock.ts',
        find: 'port2.postMessage(undefined);',
        put: 'globalThis.setTimeout(() => { port2.postMessage(undefined); }, 0);',
      },
    ],
    killer: {
      file: 'test/testing/clock.test.ts',
      test: 'does so while fake timers are on, and leaves them alone',
    },
  },
];
