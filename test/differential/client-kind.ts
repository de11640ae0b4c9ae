import { doubts, hasCause, isChance, isOfStream, isRecovered, recoveredFaults } from './allowance.ts';
import { clientChoices, drawClient, type ClientPlan } from './client-plan.ts';
import { observeClient } from './client-call.ts';
import { compare, type Difference } from './comparison.ts';
import type { Kind } from './kind.ts';
import type { Observation } from './observation.ts';

/** Calls of a client with routes, beside those of plain ky. */
export const clientKind: Kind<ClientPlan> = {
  choices: clientChoices,
  draw: drawClient,
  async differences(plan, id, origins) {
    const [usual, ours] = await Promise.all([
      observeClient(plan, { side: 'a', id, origins }),
      observeClient(plan, { side: 'b', id, origins }),
    ]);
    const isRouted = plan.route === 'matches';
    if (isRouted && isRecovered(usual)) return recoveredFaults(usual, ours);
    const chosen = { signal: plan.signal, body: plan.payload };
    return [
      ...compare(usual, ours).filter(
        (difference) => !isOfStream(difference) && !(isRouted && isWrapped(difference, usual, ours)),
      ),
      ...doubts(usual, ours),
    ].filter((difference) => !isChance(difference, chosen));
  },
};

/** A write on a route fails with an error of its own, as documented, or with fetch's where nothing left. */
function isWrapped({ kind }: Difference, usual: Observation, ours: Observation): boolean {
  return kind === 'error' && hasCause(ours, usual);
}
