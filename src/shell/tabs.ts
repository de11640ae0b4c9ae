import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import type { HintListener, Hints } from './hints.ts';

/**
 * The milliseconds that a tab may hold a lock while other tabs wait. A longer hold may be that of a frozen tab, and the
 * lock is stolen.
 */
const lockTimeout = 2_000;

/** The number of times that a waiting tab checks within `lockTimeout` whether another tab has got the lock. */
const checks = 4;

/**
 * The divisor of an update's time that gives its longest wait for a lock. After that wait the queue is too long for the
 * update's time, and the update goes ahead: each holder makes a read and a write, and updates that don't wait make somewhat
 * more requests in the same time.
 */
const waitDivisor = 3;

/** The beginning of the names of all locks. */
const name = 'remerge';

/** @param hasWaited Whether other tabs held the lock just before: their hints may still be on the way. */
export type Work<Value> = (hasWaited: boolean) => Promise<Value>;

/**
 * The tabs of one origin that lock a resource in turn, by Web Locks, and tell each other that the resource has
 * changed. Locks only save conflicts: a write is as safe without them, and goes ahead on a platform without locks.
 */
export interface Tabs {
  /** Tells the other tabs that a resource has changed: its address, and no content. */
  readonly tell: (address: string) => void;
  /**
   * Does some work under the lock of a resource, or without it if the locks don't tell which tab holds it.
   *
   * @param time The milliseconds that the work and the wait may take together.
   */
  readonly withLock: <Value>(
    address: string,
    signal: AbortSignal,
    work: Work<Value>,
    time: number | false,
  ) => Promise<Value>;
}

/** @param onHint Called with the address that another tab has written to. */
export function tabsOf(clock: Clock, hints: Hints, onHint: HintListener): Tabs {
  return {
    tell: (address) => hints.tell(address, onHint),
    withLock: (address, signal, work, time) =>
      hints.during(onHint, () => {
        const locks = (globalThis as { readonly navigator?: Partial<Navigator> }).navigator?.locks;
        return locks ? lockAndWork(locks, `${name} ${address}`, clock, signal, work, time) : work(false);
      }),
  };
}

/**
 * Waits for the lock, and does the work. The lock is named for the resource, and the browser keeps the queue of
 * the tabs that ask for it. A tab that has waited also holds a mark as long: a lock that no other tab asks for.
 * So the tabs that wait see that the lock changes hands.
 */
async function lockAndWork<Value>(
  locks: LockManager,
  lockName: string,
  clock: Clock,
  signal: AbortSignal,
  work: Work<Value>,
  time: number | false,
): Promise<Value> {
  const started = new AbortController();
  const wait = new Deadline(clock, false, AbortSignal.any([signal, started.signal]));
  const over = wait.signal;
  const result: { made?: Promise<Value> } = {};
  let hasWaited = false;

  // A lock that is refused, or taken away, changes nothing about the work.
  const ask = (lock: string, options: LockOptions, then: () => unknown): Promise<unknown> =>
    locks.request(lock, options, (given) => given && then()).catch(() => undefined);
  const start = (): unknown => {
    if (!over.aborted) {
      started.abort();
      result.made = work(hasWaited);
    }
    return result.made;
  };
  /** Steals the lock of a holder that has had it for too long. Each new holder restarts the timeout of all tabs. */
  const watch = async (): Promise<void> => {
    let before: string | undefined;
    for (let unchanged = 0; ; unchanged += 1) {
      const { held = [] } = await wait.race(locks.query());
      const names = held
        .map((lock) => lock.name ?? '')
        .filter((lock) => `${lock} `.startsWith(`${lockName} `))
        .sort();
      if (before !== (before = names.join())) unchanged = 0;
      if (time && wait.elapsed() * waitDivisor >= time) start();
      // Node shows a thread only its own locks, and crashes if a thread takes a lock of another thread.
      if (unchanged >= checks && names[0] === lockName) {
        // One of the tabs that find the same gets the lock that allows the steal. That lock is a mark, too.
        const permit = `${names.at(-1) ?? ''} .`;
        await ask(permit, { ifAvailable: true }, () => over.aborted || ask(lockName, { steal: true }, start));
        unchanged = 0;
      }
      await wait.sleep(lockTimeout / checks);
    }
  };

  await ask(lockName, { ifAvailable: true }, start);
  if (!over.aborted) {
    hasWaited = true;
    // `watch` ends by the signal, or if the locks can't be queried.
    watch().catch(() => started.abort());
    await ask(lockName, { signal: over }, () => {
      void ask(`${lockName} ${clock.id()}`, {}, start);
      return start();
    });
  }
  return result.made ?? work(false);
}
