import { fork, type ChildProcess } from 'node:child_process';
import type { Edited, Order, Report } from './messages.ts';

/** The writer processes. */
export interface Crew {
  /** Sets all of them to the same work, and resolves when each has finished. Rejects if one of them fails. */
  work(
    order: Omit<Order & { kind: 'work' }, 'kind' | 'writer'>,
    onEdited: (edited: Edited) => void,
  ): Promise<void>;
  dismiss(): void;
}

export function hireCrew(size: number): Crew {
  const file = new URL('./writer.ts', import.meta.url);
  // Detached: Ctrl-C goes to the parent alone, which ends the others in the right order, writers first.
  const writers = Array.from({ length: size }, () => fork(file, { detached: true }));

  return {
    async work(order, onEdited) {
      let ready = 0;
      const begin = () => {
        for (const child of writers) child.send({ kind: 'go' } satisfies Order);
      };
      const finished = writers.map((child, index) => {
        child.send({ kind: 'work', writer: index + 1, ...order } satisfies Order);
        return follow(child, (report) => {
          if (report.kind === 'edited') onEdited(report);
          if (report.kind === 'ready' && (ready += 1) === size) begin();
        });
      });
      await Promise.all(finished);
    },
    dismiss() {
      // They end with the connection. That a dismissed writer ends is no failure.
      for (const child of writers) {
        child.removeAllListeners('exit');
        if (child.connected) child.disconnect();
      }
    },
  };
}

/** Hands on what a writer reports until it has finished. */
function follow(child: ChildProcess, onReport: (report: Report) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const onExit = () =>
      reject(new Error(`Writer process ${child.pid ?? ''} ended before its work was done.`));
    const onMessage = (report: Report) => {
      onReport(report);
      if (report.kind !== 'finished') return;
      child.off('message', onMessage).off('exit', onExit);
      resolve();
    };
    child.on('message', onMessage).on('exit', onExit);
  });
}
