import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import type { Hearer, Hints } from './hints.ts';

/** How long a turn may last while others wait, in milliseconds. One that lasts longer may be a frozen tab's, and is taken. */
const patience = 2_000;

/** How often those who wait look whether a turn has begun, within their patience. */
const looks = 4;

/**
 * What part of its time an update waits for its turn at most. Then the queue is longer than its time, and it goes ahead: a
 * turn takes a read and a write, and those who don't wait for each other make somewhat more of them in the same time.
 */
const waitedPart = 1 / 3;

/** What the names of the locks begin with. */
const name = 'remerge';

/** @param hasWaited Whether others had their turn just before: their hints may still be on the way. */
export type Work<Value> = (hasWaited: boolean) => Promise<Value>;

/**
 * Tabs of one origin that take turns at a resource, by Web Locks, and tell each other that it moved. It saves conflicts, and
 * no more: a write is as safe without, and goes ahead where a platform has no locks.
 *
 * A lock named for the resource is the turn, and the browser keeps the queue of those who ask for it. Whoever has waited
 * also holds a mark during the turn: a lock that nobody else asks for. So those who wait see that the turns go on.
 */
export class Tabs {
  readonly #clock: Clock;
  readonly #hints: Hints;
  readonly #onMoved: Hearer;

  /** @param onMoved Called with the address of what another tab has written to. */
  constructor(clock: Clock, hints: Hints, onMoved: Hearer) {
    this.#clock = clock;
    this.#hints = hints;
    this.#onMoved = onMoved;
  }

  /** Tells the other tabs that a resource moved: where it is, and nothing of what it is. */
  tell(address: string): void {
    this.#hints.tell(address, this.#onMoved);
  }

  /**
   * Does some work when it is this tab's turn, or nobody can say whose it is.
   *
   * @param time What the work and the wait may take together, in milliseconds.
   */
  async inTurn<Value>(
    address: string,
    signal: AbortSignal,
    work: Work<Value>,
    time: number | false,
  ): Promise<Value> {
    const longest = time === false ? Infinity : time * waitedPart;
    return this.#hints.during(this.#onMoved, () => this.#take(`${name} ${address}`, signal, work, longest));
  }

  async #take<Value>(turn: string, signal: AbortSignal, work: Work<Value>, longest: number): Promise<Value> {
    const locks = typeof navigator === 'undefined' ? undefined : (navigator as Partial<Navigator>).locks;
    const begun = new AbortController();
    const mine: { made?: Promise<Value> } = {};
    let hasWaited = false;
    const ask: Ask = async (lock, options, then) => {
      try {
        await locks?.request(lock, options, (given) => (given ? then() : undefined));
      } catch {
        // That a lock is refused, or taken away, changes nothing about the work.
      }
    };
    const begin = async (): Promise<unknown> => {
      if (mine.made || signal.aborted) return mine.made;
      begun.abort();
      return (mine.made = work(hasWaited));
    };
    await ask(turn, { ifAvailable: true }, begin);
    if (!mine.made && locks) {
      hasWaited = true;
      const over = AbortSignal.any([signal, begun.signal]);
      this.#watch(locks, turn, over, longest, ask, begin).catch(() => begun.abort());
      await ask(turn, { signal: over }, () => {
        const done = begin();
        void ask(`${turn} ${this.#clock.id()}`, {}, () => done);
        return done;
      });
    }
    return mine.made ?? work(false);
  }

  /**
   * Takes the turn of a holder that has had it for too long. Each turn that begins restarts the patience of all who wait.
   *
   * @throws as soon as the signal aborts, or where the locks can't be looked at.
   */
  async #watch(
    locks: LockManager,
    turn: string,
    over: AbortSignal,
    longest: number,
    ask: Ask,
    begin: () => Promise<unknown>,
  ): Promise<void> {
    const wait = new Deadline(this.#clock, false, over);
    const look = async (): Promise<LockInfo[]> => (await locks.query()).held ?? [];
    /** One of those who have seen the same marks gets the right to take the turn. The right is a mark, too. */
    const take = (right: string): Promise<void> =>
      ask(right, { ifAvailable: true }, async () => {
        const held = await look();
        if (over.aborted) return;
        const [holder, own] = [turn, right].map((lock) => held.find(({ name }) => name === lock)?.clientId);
        // Node 24 crashes where a thread steals the lock of another one.
        const isForeign = holder?.startsWith('node-') && holder !== own;
        await (isForeign ? begin() : ask(turn, { steal: true }, begin));
      });
    let before: string | undefined;
    for (let calm = 0; ; calm += 1) {
      const held = await wait.race(look());
      const marks = held.flatMap(({ name }) => (name?.startsWith(`${turn} `) ? name : [])).sort();
      if (before !== (before = marks.join())) calm = 0;
      if (wait.elapsed() >= longest) await begin();
      else if (calm >= looks) await take(`${marks.at(-1) ?? `${turn} `}.`).finally(() => (calm = 0));
      await wait.sleep(patience / looks);
    }
  }
}

type Ask = (name: string, options: LockOptions, then: () => Promise<unknown>) => Promise<void>;
