import type { RecoveryEvent } from 'remerge';

export type Listener = (event: RecoveryEvent) => void;

/** One event in one line: what happened, and what came of it. */
export function tellEvent(event: RecoveryEvent): string | undefined {
  switch (event.kind) {
    case 'write':
      return line('write', event.status, event.version === undefined ? '' : `under version ${event.version}`);
    case 'conflict':
      return line('conflict', '', 'somebody else wrote first');
    case 'wait':
      return line('wait', '', `${Math.round(event.delay)} ms`);
    case 'read':
      return line('read', event.status, event.version === undefined ? '' : `version ${event.version}`);
    case 'merge':
      return line('merge', '', event.decision === 'write' ? 'our change and theirs' : event.decision);
    case 'end':
      return line('end', '', event.recovery.outcome);
  }
}

const line = (word: string, status: string | number, rest: string) =>
  `${word.padEnd(9)}${String(status).padEnd(5)}${rest}`.trimEnd();
