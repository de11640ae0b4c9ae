import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import type { Hearer, Hints } from './hints.ts';

/** How long a turn may last while others wait, in milliseconds. One that lasts longer may be a frozen tab's, and is taken. */
const patience = 2_000;

/** How often those who wait look whether a turn has begun, within their patience. */
const looks = 4;

/**
 * Which part of its time an update waits for its turn at most, as a divisor. Then the queue is too long for its time, and it
 * goes ahead: a turn takes a read and a write, and those who don't wait make somewhat more of them in the same time.
 */
const patientFor = 3;

/** What the names of the locks begin with. */
const name = 'remerge';

/** @param hasWaited Whether others had their turn just before: their hints may still be on the way. */
export type Work<Value> = (hasWaited: boolean) => Promise<Value>;

/**
 * Tabs of one origin that take turns at a resource, by Web Locks, and tell each other that it moved. It saves conflicts, and
 * no more: a write is as safe without, and goes ahead where a platform has no locks.
 */
export interface Tabs {
  /** Tells the other tabs that a resource moved: where it is, and nothing of what it is. */
  readonly tell: (address: string) => void;
  /**
   * Does some work when it is this tab's turn, or nobody can say whose it is.
   *
   * @param time What the work and the wait may take together, in milliseconds.
   */
  readonly inTurn: <Value>(
    address: string,
    signal: AbortSignal,
    work: Work<Value>,
    time: number | false,
  ) => Promise<Value>;
}

/** @param hear Called with the address of what another tab has written to. */
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
 * A lock named for the resource is the turn, and the browser keeps the queue of those who ask for it. Whoever has waited
 * also holds a mark during the turn: a lock that nobody else asks for. So those who wait see that the turns go on.
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

  // That a lock is refused, or taken away, changes nothing about the work.
  const ask = (lock: string, options: LockOptions, then: () => unknown): Promise<unknown> =>
    locks.request(lock, options, (given) => given && then()).catch(() => undefined);
  const begin = (): unknown => {
    if (!over.aborted) {
      begun.abort();
      mine.made = work(hasWaited);
    }
    return mine.made;
  };
  /** Takes the turn of a holder that has had it for too long. Each turn that begins restarts the patience of all. */
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
      // Node shows a thread only its own locks, and crashes where it takes one of another thread.
      if (calm >= looks && names[0] === turn) {
        // One of those who have seen the same gets the right to take the turn. The right is a mark, too.
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
    // It ends by the signal, or where nobody may look at the locks.
    watch().catch(() => begun.abort());
    await ask(turn, { signal: over }, () => {
      void ask(`${turn} ${clock.id()}`, {}, begin);
      return begin();
    });
  }
  return mine.made ?? work(false);
}
