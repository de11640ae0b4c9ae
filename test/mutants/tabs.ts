import type { Mutant } from './mutant.ts';

const turns = 'test/client/tabs.test.ts';
const hints = 'test/client/hints.test.ts';

/** What goes wrong with tabs that take turns. */
export const tabs: readonly Mutant[] = [
  {
    name: 'impatient-with-the-queue',
    harm: 'Whoever waits in a long queue takes the turn of a tab that has just begun.',
    edits: [
      { file: 'src/shell/tabs.ts', find: 'if (before !== (before = names.join())) unchanged = 0;', put: '' },
    ],
    killer: { file: turns, test: 'are patient, however long the queue is' },
  },
  {
    name: 'all-take-the-turn',
    harm: 'Where one tab is frozen, all that wait write at once.',
    edits: [
      {
        file: 'src/shell/tabs.ts',
        find: 'await ask(permit,',
        put: 'await ask(permit + clock.id(),',
      },
    ],
    killer: { file: turns, test: 'loses it to one alone, though all who wait have seen the same' },
  },
  {
    name: 'queue-beyond-its-time',
    harm: 'Updates fail in a queue that is longer than their time, and would not without one.',
    edits: [
      {
        file: 'src/shell/tabs.ts',
        find: 'if (time && wait.elapsed() * waitDivisor >= time) start();',
        put: '',
      },
    ],
    killer: {
      file: turns,
      test: 'do not wait longer than a third of the time that they have',
    },
  },
  {
    name: 'channel-that-stays',
    harm: 'The browser drops an idle page from its back/forward cache.',
    edits: [{ file: 'src/shell/hints.ts', find: 'users > 0 || close()', put: 'undefined' }],
    killer: {
      file: hints,
      test: 'is one for all that extend it, and is closed a moment after the last use',
    },
  },
  {
    name: 'kept-while-away',
    harm: 'A page comes back and goes on from a state that others have changed meanwhile.',
    edits: [{ file: 'src/shell/hints.ts', find: '    notify();\n', put: '' }],
    killer: { file: hints, test: 'has no channel meanwhile, and then knows nothing of what it had kept' },
  },
];
