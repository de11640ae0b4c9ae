import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import type { Hearer, Hints } from './hints.ts';

/**
 * The milliseconds that a turn may last while other tabs wait. A longer turn may be that of a frozen tab, and is taken away.
 */
const patience = 2_000;

/** The number of times that a waiting tab looks within `patience` whether a turn has begun. */
const looks = 4;

/**
 * The divisor of an update's time that gives its longest wait for a turn. After that wait the queue is too long for the
 * update's time, and the update goes ahead: a turn takes a read and a write, and updates that don't wait make somewhat
 * more requests in the same time.
 */
const patientFor = 3;

/** The beginning of the names of all locks. */
const name = 'remerge';

/** @param hasWaited Whether other tabs had their turn just before: their hints may still be on the way. */
export type Work<Value> = (hasWaited: boolean) => Promise<Value>;

/**
 * The tabs of one origin that take turns at a resource, by Web Locks, and tell each other that the resource has
 * changed. Turns only save conflicts: a write is as safe without them, and goes ahead on a platform without locks.
 */
export interface Tabs {
  /** Tells the other tabs that a resource has changed: its address, and no content. */
  readonly tell: (address: string) => void;
  /**
   * Does some work when it is this tab's turn, or when the locks don't tell whose turn it is.
   *
   * @param time The milliseconds that the work and the wait may take together.
   */
  readonly inTurn: <Value>(
    address: string,
    signal: AbortSignal,
    work: Work<Value>,
    time: number | false,
  ) => Promise<Value>;
}

/** @param hear Called with the address that another tab has written to. */
export function tabsOf(clock: Clock, hints: Hints, hear: Hearer): Tabs {
  return {
    tell: (address) => hints.tell(address, hear),
    inTurn: (address, signal, work, time) =>
      hints.during(hear, () => {
        const locks = (globalThis as { readonly navigator?: Partial<Navigator> }).navigator?.locks;
        return locks ? takeTurn(locks, `${name} ${address}`, clock, signal, work, time) : work(false);
      }),
  };
}

/**
 * Waits for the turn, and does the work. The turn is a lock named for the resource, and the browser keeps the queue of
 * the tabs that ask for it. A tab that has waited also holds a mark during its turn: a lock that no other tab asks for.
 * So the tabs that wait see that the turns go on.
 */
async function takeTurn<Value>(
  locks: LockManager,
  turn: string,
  clock: Clock,
  signal: AbortSignal,
  work: Work<Value>,
  time: number | false,
): Promise<Value> {
  const begun = new AbortController();
  const wait = new Deadline(clock, false, AbortSignal.any([signal, begun.signal]));
  const over = wait.signal;
  const mine: { made?: Promise<Value> } = {};
  let hasWaited = false;

  // A lock that is refused, or taken away, changes nothing about the work.
  const ask = (lock: string, options: LockOptions, then: () => unknown): Promise<unknown> =>
    locks.request(lock, options, (given) => given && then()).catch(() => undefined);
  const begin = (): unknown => {
    if (!over.aborted) {
      begun.abort();
      mine.made = work(hasWaited);
    }
    return mine.made;
  };
  /** Takes the turn of a holder that has had it for too long. Each turn that begins restarts the patience of all tabs. */
  const watch = async (): Promise<void> => {
    let before: string | undefined;
    for (let calm = 0; ; calm += 1) {
      const { held = [] } = await wait.race(locks.query());
      const names = held
        .map((lock) => lock.name ?? '')
        .filter((lock) => `${lock} `.startsWith(`${turn} `))
        .sort();
      if (before !== (before = names.join())) calm = 0;
      if (time && wait.elapsed() * patientFor >= time) begin();
      // Node shows a thread only its own locks, and crashes if a thread takes a lock of another thread.
      if (calm >= looks && names[0] === turn) {
        // One of the tabs that have seen the same gets the right to take the turn. The right is a mark, too.
        const right = `${names.at(-1) ?? ''} .`;
        await ask(right, { ifAvailable: true }, () => over.aborted || ask(turn, { steal: true }, begin));
        calm = 0;
      }
      await wait.sleep(patience / looks);
    }
  };

  await ask(turn, { ifAvailable: true }, begin);
  if (!over.aborted) {
    hasWaited = true;
    // `watch` ends by the signal, or if the locks can't be queried.
    watch().catch(() => begun.abort());
    await ask(turn, { signal: over }, () => {
      void ask(`${turn} ${clock.id()}`, {}, begin);
      return begin();
    });
  }
  return mine.made ?? work(false);
}
