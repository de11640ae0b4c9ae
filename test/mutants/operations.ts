import type { Mutant } from './mutant.ts';

/** Mutants of writes that a server takes on and makes later. */
export const operations: readonly Mutant[] = [
  {
    name: 'accepted-told-as-made',
    harm: 'A value is shown that the server does not have, and the next save starts from it.',
    edits: [
      {
        file: 'src/recovery/accept.ts',
        find: "if (response.status === 202) return end(call, response, { outcome: 'accepted' });",
        put: '',
      },
    ],
    killer: {
      file: 'test/poll/handles.test.ts',
      test: 'ends as accepted, with no value and no version, and the next update begins with a read',
    },
  },
  {
    name: 'token-sent-to-another-origin',
    harm: 'A server that answers with an address of its choice gets the token of the user.',
    edits: [
      {
        file: 'src/poll/poll.ts',
        find: 'if (at.origin === url.origin) return read(at, signal);',
        put: 'return read(at, signal);',
      },
    ],
    killer: {
      file: 'test/poll/poll.test.ts',
      test: 'where its monitor is on another origin, and goes there without credentials where the route allows it',
    },
  },
  {
    name: 'waiting-updates-run-out-of-time',
    harm: 'Updates that wait for an operation fail, though nobody has tried them.',
    edits: [{ file: 'src/client/queue.ts', find: 'update.pause(operation);', put: 'void update;' }],
    killer: {
      file: 'test/poll/handles.test.ts',
      test: 'lets the next updates wait for it, whatever time they have',
    },
  },
  {
    name: 'pending-told-as-not-made',
    harm: 'A program sends again what the server is about to make.',
    edits: [
      {
        file: 'src/recovery/journal.ts',
        find: 'if (this.#operation) return true;',
        put: '',
      },
    ],
    killer: {
      file: 'test/poll/poll.test.ts',
      test: 'after ten minutes, and the report says where it goes on',
    },
  },
  {
    name: 'finished-told-as-aborted',
    harm: 'A write that is made is told as aborted, and not made, as its caller has left meanwhile.',
    edits: [
      {
        file: 'src/recover.ts',
        find: 'const shown = await looking?.catch(() => undefined);',
        put: 'const shown = await looking;',
      },
    ],
    killer: {
      file: 'test/poll/poll.test.ts',
      test: 'never once it is done: a signal that comes then changes nothing',
    },
  },
  {
    name: 'torn-status-taken-for-success',
    harm: 'An operation that goes on, or fails, is told as made.',
    edits: [
      {
        file: 'src/poll/state.ts',
        find: "body === undefined ? 'running' : undefined;",
        put: "'succeeded';",
      },
    ],
    killer: { file: 'test/poll/poll.test.ts', test: 'is read again where it breaks off' },
  },
];
