import type { KnownState } from '../recovery/known-state.ts';
import type { Recovery } from '../report.ts';
import type { Route } from '../route.ts';
import type { Clock } from '../shell/clock.ts';
import type { Patience } from './recipe-timeout.ts';
import type { Tried, Turn } from './queued-update.ts';
import type { Reach } from './resource-io.ts';

/** The queue that a batch comes from. */
export interface Depot {
  readonly reach: Reach;
  readonly route: Route;
  readonly clock: Clock;
  /** The updates that wait until the batch is done. */
  readonly waiting: readonly Turn[];
  /** The number of updates that have joined so far. */
  readonly count: number;
  /** The patience of the batch that is applying its recipes right now, for updates that join meanwhile. */
  patience: Patience | undefined;
  /** Takes back the updates whose recipes were not applied. They take their turn again, in the order in which they joined. */
  readonly putBack: (turns: readonly Turn[]) => void;
  /**
   * Takes an update whose recipe takes too long. The update comes again when its recipe is done.
   *
   * @param before The number of updates that had joined when the recipe began.
   */
  readonly setAside: (turn: Turn, trying: Promise<Tried>, before: number) => void;
}

/** The result of a batch. */
export interface Arrival {
  /** The state that is there now, if it is known and may be written to without a read. */
  readonly left: KnownState | undefined;
  /** The number of sends of the write. */
  readonly sends: number;
  /** Settles the updates of the batch that are still open. */
  readonly settle?: () => void;
  /** The failure of the write. The updates of the batch are still to be settled. */
  readonly failed?: { readonly error: unknown; readonly report: Recovery };
}
