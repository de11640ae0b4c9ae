import type { Seen } from '../recovery/known.ts';
import type { Recovery } from '../report.ts';
import type { Route } from '../route.ts';
import type { Clock } from '../shell/clock.ts';
import type { Patience } from './patience.ts';
import type { Tried, Turn } from './turn.ts';
import type { Reach } from './way.ts';

/** The queue that a batch comes from. */
export interface Depot {
  readonly reach: Reach;
  readonly route: Route;
  readonly clock: Clock;
  /** Those who wait for the batch to be done. */
  readonly waiting: readonly Turn[];
  /** How many have come so far. */
  readonly count: number;
  /** That of the batch which applies its recipes right now, for those who come meanwhile. */
  patience: Patience | undefined;
  /** Takes back those that were not applied. They come again, in the order they once came. */
  readonly putBack: (turns: readonly Turn[]) => void;
  /**
   * Takes one whose recipe takes too long. It comes again when that is done.
   *
   * @param before How many had come when it began.
   */
  readonly setAside: (turn: Turn, trying: Promise<Tried>, before: number) => void;
}

/** What a batch came to. */
export interface Arrival {
  /** The state that is there now, where that is known, and may be written to without a read. */
  readonly left: Seen | undefined;
  /** How often the write was sent. */
  readonly sends: number;
  /** Gives those who came through their results. */
  readonly settle?: () => void;
  /** A write that failed. Its turns are still to be settled. */
  readonly failed?: { readonly error: unknown; readonly report: Recovery };
}
