import type { MediaKind } from '../core/media.ts';
import { comparesStrongly } from '../core/version-rule.ts';
import { defineMerge, type Merge } from '../merging.ts';
import type { KnownState } from '../recovery/known-state.ts';
import type { Recovery } from '../report.ts';
import { contentOf, valueOf, type Content } from '../shell/representation.ts';
import type { BatchOutcome, BatchQueue } from './batch-queue.ts';
import { RecipeTimeout } from './recipe-timeout.ts';
import type { ResourceState } from './read-state.ts';
import type { RecipeResult, QueuedUpdate } from './queued-update.ts';

/**
 * Updates that share one write: their recipes are applied one after another, and the result is written. A batch
 * holds the state of one write; each later write has a batch of its own.
 */
export class Batch {
  readonly #queue: BatchQueue;
  readonly #request = new AbortController();
  #updates: readonly QueuedUpdate[];
  #results = new Map<QueuedUpdate, RecipeResult>();

  constructor(queue: BatchQueue, updates: readonly QueuedUpdate[]) {
    this.#queue = queue;
    this.#updates = updates;
    // The request is aborted once all its updates are over.
    const onCancel = (): void => {
      if (this.#updates.every(({ isOver }) => isOver)) this.#request.abort();
    };
    for (const update of updates) update.onCancel = onCancel;
  }

  /** The updates that aren't over yet. */
  get updates(): readonly QueuedUpdate[] {
    return this.#updates.filter(({ isOver }) => !isOver);
  }

  /** The number of recipes in what was written, those of updates that were cancelled since included. */
  get size(): number {
    return this.#updates.length;
  }

  /**
   * Writes what the recipes make of a state.
   *
   * @param state A state without a `result` is the one after our last write, and no read has confirmed it since the
   * updates were called. The batch may write onto such a state. But that nothing has to be written, or that a recipe
   * fails, counts only together with a write. Default: the batch reads the state.
   * @param limit The number of times that the write may be sent again. Default: as the route says.
   */
  async write(
    state: (Pick<ResourceState, 'known'> & Partial<ResourceState>) | undefined,
    limit?: number,
  ): Promise<BatchOutcome> {
    const read = state ?? (await this.#read());
    if (!read) return { after: undefined, sends: 0 };
    const { known, result } = read;
    const made = await this.#apply(known.kind, known.content, !result);
    const { updates } = this;
    if (updates.length > 0) {
      // A past version is written as it is: the server says what is there, and the recipes are applied to that.
      if (made !== known.content || this.#queue.io.isPast(known)) return this.#send(known, made, limit);
      if (!result) return this.write(undefined, limit);
      return { after: this.#ifWritable(known), sends: 0, settle: () => this.#settle({ known, result }) };
    }
    return { after: this.#ifWritable(known), sends: 0 };
  }

  async #read(): Promise<ResourceState | undefined> {
    try {
      return await this.#queue.io.read(this.#request.signal);
    } catch (error) {
      for (const update of this.updates) update.reject(error, 'read-error');
      return undefined;
    }
  }

  async #send(of: KnownState, made: Content, limit: number | undefined): Promise<BatchOutcome> {
    const { kind } = of;
    const { io, route } = this.#queue;
    const merge: Merge = async ({ remote, maybeApplied }) => {
      // The server refused each send so far for certain.
      if (!maybeApplied) for (const update of this.#updates) update.maybeApplied = false;
      const content = contentOf(kind, remote, route);
      const made = content === undefined ? undefined : await this.#apply(kind, content, false);
      return made === undefined ? undefined : valueOf(kind, made, route);
    };
    const { updates } = this;
    const repeatable = updates.every(({ isRepeatable }) => isRepeatable);
    // Equal changes of two recipes may add up, as two votes do.
    const declared = defineMerge(merge, { repeatable, additive: !repeatable });
    const overrides = { merge: declared, ...(limit !== undefined && { retry: limit }) };
    // An update with bounds of its own is alone in its batch.
    const bounds = updates[0]?.recovery ?? {};
    const ended: { readonly report: Recovery }[] = [];
    const options = {
      bounds,
      overrides,
      onEnd: (write: { readonly report: Recovery }) => void ended.push(write),
      onPending: (operation: Promise<unknown>) => this.#queue.hold(operation, this.updates),
    };
    try {
      const { known, result } = await io.write(made, of, options, this.#request.signal);
      const settle = (): void => this.#settle({ known: known ?? of, result });
      return { after: this.#ifWritable(known), sends: result.attempts.length, settle };
    } catch (error) {
      const [write] = ended;
      if (!write) return this.#rejectUnsent(error);
      const { report } = write;
      return { after: this.#ifWritable(of), sends: report.attempts.length, failed: { error, report } };
    }
  }

  /** Rejects the updates after a hook of the user's has thrown: nothing was sent. */
  #rejectUnsent(error: unknown): BatchOutcome {
    for (const update of this.updates) {
      update.maybeApplied = false;
      update.reject(error, 'network-error');
    }
    return { after: undefined, sends: 0 };
  }

  /**
   * Returns the state if it may be written to without a read: the server refuses the write if its state has changed by then.
   */
  #ifWritable(known: KnownState | undefined): KnownState | undefined {
    const { version } = known ?? {};
    const isKnown = version && !('code' in version);
    return isKnown && comparesStrongly(this.#queue.route.version, version) ? known : undefined;
  }

  #settle(state: ResourceState): void {
    for (const update of this.updates) {
      const { failure, hasChanged = false } = this.#results.get(update) ?? {};
      if (failure) update.reject(failure.error, failure.stop);
      else update.resolve(state, hasChanged);
    }
  }

  /** Applies the recipes until no update was cancelled meanwhile whose change is in the result. Then the result may go out. */
  async #apply(kind: MediaKind, content: Content, isTrial: boolean): Promise<Content> {
    for (;;) {
      const made = await this.#applyOnce(kind, content, isTrial);
      const changed = [...this.#results].filter(([, { hasChanged }]) => hasChanged);
      if (changed.some(([{ isOver }]) => isOver)) continue;
      for (const [update] of changed) update.maybeApplied = true;
      return made;
    }
  }

  /**
   * Applies the recipes one after another. A recipe that fails on the state itself ends its update, and leaves no
   * trace. A recipe that fails on what other recipes made of the state ends its update only once that is written.
   */
  async #applyOnce(kind: MediaKind, content: Content, isTrial: boolean): Promise<Content> {
    const { clock, waiting } = this.#queue;
    const results = (this.#results = new Map<QueuedUpdate, RecipeResult>());
    const updates = (this.#updates = this.updates);
    const recipeTimeout = (this.#queue.recipeTimeout = new RecipeTimeout(clock, updates));
    const all = [...updates, ...waiting];
    if (all.length > 1) for (const { remaining } of all) recipeTimeout.shorten(remaining);
    let made = content;
    let isTooLate = false;
    for (const [index, update] of updates.entries()) {
      if (update.isOver) continue;
      // The recipes together take too long. What they have made so far goes out.
      if (recipeTimeout.isOver && !isTooLate) {
        this.#updates = this.#updates.filter((other) => results.has(other));
        this.#queue.putBack(updates.slice(index));
        break;
      }
      const { count } = this.#queue;
      const began = clock.now();
      const pending = update.tryRecipe(kind, made);
      const result = await recipeTimeout.await(pending);
      if (!result) {
        isTooLate ||= recipeTimeout.isUsedUpBy(clock.now() - began);
        this.#updates = this.#updates.filter((other) => other !== update);
        void pending.then(() => (update.took = clock.now() - began));
        this.#queue.setAside(update, pending, count);
      } else if (result.failure && made === content && !isTrial)
        update.reject(result.failure.error, result.failure.stop);
      else {
        results.set(update, result);
        made = result.content;
      }
    }
    recipeTimeout.end();
    this.#queue.recipeTimeout = undefined;
    return made;
  }
}
