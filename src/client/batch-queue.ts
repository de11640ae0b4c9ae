import type { KnownState } from '../recovery/known-state.ts';
import type { Recovery } from '../report.ts';
import type { Route } from '../route.ts';
import type { Clock } from '../shell/clock.ts';
import type { RecipeTimeout } from './recipe-timeout.ts';
import type { RecipeResult, QueuedUpdate } from './queued-update.ts';
import type { ResourceIo } from './resource-io.ts';

/** The queue as its batches see it. */
export interface BatchQueue {
  readonly io: ResourceIo;
  readonly route: Route;
  readonly clock: Clock;
  /** The updates that wait until the batch is done. */
  readonly waiting: readonly QueuedUpdate[];
  /** The number of updates that have joined so far. */
  readonly count: number;
  /** The timeout of the recipes that a batch is applying right now, for updates that join meanwhile. */
  recipeTimeout: RecipeTimeout | undefined;
  /** Stops the time of some updates, and of those that wait, until an operation is over. */
  readonly hold: (operation: Promise<unknown>, updates: readonly QueuedUpdate[]) => void;
  /** Takes back the updates whose recipes were not applied. They wait again, in the order in which they joined. */
  readonly putBack: (updates: readonly QueuedUpdate[]) => void;
  /**
   * Takes an update whose recipe takes too long. The update comes again when its recipe is done.
   *
   * @param before The number of updates that had joined when the recipe began.
   */
  readonly setAside: (update: QueuedUpdate, pending: Promise<RecipeResult>, before: number) => void;
}

/** The result of a batch. */
export interface BatchOutcome {
  /** The state after the batch, if it is known and may be written to without a read. */
  readonly after: KnownState | undefined;
  /** The number of sends of the write. */
  readonly sends: number;
  /** Settles the updates of the batch that are still open. */
  readonly settle?: () => void;
  /** The failure of the write. The updates of the batch are still to be settled. */
  readonly failed?: { readonly error: unknown; readonly report: Recovery };
}
