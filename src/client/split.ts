import { stopped } from '../errors.ts';
import type { KnownState } from '../recovery/known-state.ts';
import type { Recovery } from '../report.ts';
import { Batch } from './batch.ts';
import type { BatchOutcome, BatchQueue } from './batch-queue.ts';
import type { QueuedUpdate } from './queued-update.ts';

/** The statuses of a refusal that may be about the content of one of several updates. */
const contentStatuses = [400, 409, 413, 422];

/**
 * Whether updates that were refused together may be sent one by one: the refusal is no conflict, and the server made
 * nothing of the write.
 */
function maySplit(report: Recovery): boolean {
  if (report.outcome !== 'failed' || report.maybeApplied) return false;
  const { code, attempts } = report;
  const isFinal = code === 'not-a-conflict' || code === 'no-progress';
  return isFinal && contentStatuses.includes(attempts.at(-1)?.status ?? 0);
}

/**
 * Ends a batch whose write has failed. The server may refuse one caller's change, and the other updates must not fail
 * with it: then the updates are sent in halves, and these in halves, for as long as each update can still be sent by
 * itself. The number of sends of all parts is at most the number of updates plus the sends that one write may have.
 *
 * @returns The state after the batch, as far as it is known.
 */
export async function splitFailedBatch(
  queue: BatchQueue,
  failed: Batch,
  outcome: BatchOutcome,
): Promise<KnownState | undefined> {
  const parts = partsOf(failed, outcome);
  if (parts.length === 0) return undefined;
  const { io, route } = queue;
  let untried = failed.updates.length;
  let sends = untried + io.limit + 1 - outcome.sends;
  let { after } = outcome;
  for (let part = parts.shift(); part; part = parts.shift()) {
    const batch = new Batch(queue, part);
    const { updates } = batch;
    untried -= part.length;
    const spare = sends - untried - updates.length;
    if (updates.length > 1 && spare <= 0) {
      parts.unshift(...halves(updates));
      untried += updates.length;
    } else if (updates.length > 0 && !io.spend()) {
      for (const update of updates) {
        const stop = stopped(route.replace, io.url, 'retry-budget', undefined, outcome.failed?.error);
        update.reject(stop, stop);
      }
    } else if (updates.length > 0) {
      const next = await batch.write(after && { known: after }, updates.length > 1 ? spare - 1 : spare);
      sends -= next.sends;
      next.settle?.();
      ({ after } = next);
      const again = next.failed ? partsOf(batch, next) : [];
      parts.unshift(...again);
      untried += again.flat().length;
    }
  }
  return after;
}

/** Splits a batch that failed into halves; into none if all its updates have failed for a reason that concerns them all. */
function partsOf({ updates, size }: Batch, { failed }: BatchOutcome): (readonly QueuedUpdate[])[] {
  if (!failed) return [];
  const { error, report } = failed;
  // An update that is alone by now may have been refused because of one that was cancelled.
  if (size > 1 && maySplit(report)) {
    for (const update of updates) update.maybeApplied = false;
    return halves(updates);
  }
  for (const update of updates) update.rejectWithWrite(error, report);
  return [];
}

function halves(updates: readonly QueuedUpdate[]): (readonly QueuedUpdate[])[] {
  const half = Math.ceil(updates.length / 2);
  return [updates.slice(0, half), updates.slice(half)].filter(({ length }) => length > 0);
}
