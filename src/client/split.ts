import { stopped } from '../errors.ts';
import type { KnownState } from '../recovery/known-state.ts';
import type { Recovery } from '../report.ts';
import { Batch } from './batch.ts';
import type { Arrival, Depot } from './batch-queue.ts';
import type { Turn } from './queued-update.ts';

/** The statuses of a refusal that may be about the content of one of several updates. */
const aboutContent = [400, 409, 413, 422];

/**
 * Whether updates that were refused together may be sent one by one: the refusal is no conflict, and the server made
 * nothing of the write.
 */
function isCurable(report: Recovery): boolean {
  if (report.ending !== 'refused' || report.maybeApplied) return false;
  const { code, attempts } = report;
  const isFinal = code === 'not-a-conflict' || code === 'no-progress';
  return isFinal && aboutContent.includes(attempts.at(-1)?.status ?? 0);
}

/**
 * Ends a batch whose write has failed. The server may refuse one caller's change, and the other updates must not fail
 * with it: then the updates are sent in halves, and these in halves, for as long as each update can still be sent by
 * itself. The number of sends of all parts is at most the number of updates plus the sends that one write may have.
 *
 * @returns The state that is left, as far as it is known.
 */
export async function endFailed(
  depot: Depot,
  failed: Batch,
  arrival: Arrival,
): Promise<KnownState | undefined> {
  const parts = apart(failed, arrival);
  if (parts.length === 0) return undefined;
  const { reach, route } = depot;
  let untried = failed.turns.length;
  let sends = untried + reach.limit + 1 - arrival.sends;
  let { left } = arrival;
  for (let part = parts.shift(); part; part = parts.shift()) {
    const batch = new Batch(depot, part);
    const { turns } = batch;
    untried -= part.length;
    const spare = sends - untried - turns.length;
    if (turns.length > 1 && spare <= 0) {
      parts.unshift(...halves(turns));
      untried += turns.length;
    } else if (turns.length > 0 && !reach.afford()) {
      for (const turn of turns) {
        const stop = stopped(route.writeBy, reach.url, 'budget-exhausted', undefined, arrival.failed?.error);
        turn.refuse(stop, stop);
      }
    } else if (turns.length > 0) {
      const next = await batch.go(left && { known: left }, turns.length > 1 ? spare - 1 : spare);
      sends -= next.sends;
      next.settle?.();
      ({ left } = next);
      const again = next.failed ? apart(batch, next) : [];
      parts.unshift(...again);
      untried += again.flat().length;
    }
  }
  return left;
}

/** Splits a batch that failed into halves; into none if all its updates have failed for a reason that concerns them all. */
function apart({ turns, size }: Batch, { failed }: Arrival): (readonly Turn[])[] {
  if (!failed) return [];
  const { error, report } = failed;
  // An update that is alone by now may have been refused because of one that has left.
  if (size > 1 && isCurable(report)) {
    for (const turn of turns) turn.maybeApplied = false;
    return halves(turns);
  }
  for (const turn of turns) turn.fail(error, report);
  return [];
}

function halves(turns: readonly Turn[]): (readonly Turn[])[] {
  const half = Math.ceil(turns.length / 2);
  return [turns.slice(0, half), turns.slice(half)].filter(({ length }) => length > 0);
}
