import type { Clock } from 'remerge';

/** The system's time, and a count of how often somebody waited for it to pass. */
export class CountingClock implements Clock {
  waits = 0;

  readonly now = (): number => performance.timeOrigin + performance.now();
  readonly random = (): number => 0;
  readonly id = (): string => crypto.randomUUID();
  readonly after = (delay: number, callback: () => void): (() => void) => {
    const timer = setTimeout(() => {
      this.waits += 1;
      callback();
    }, delay);
    return () => clearTimeout(timer);
  };
}
