import type { Chance } from '../simulation/chance.ts';
import { doubts, isChance, isOfStream, isRecovered, isUnasked, recoveredFaults } from './allowance.ts';
import { compare, type Difference } from './comparison.ts';
import { observeFetch } from './fetch-call.ts';
import { drawFetch, fetchChoices, type FetchPlan } from './fetch-plan.ts';
import type { Kind } from './kind.ts';
import type { Origins } from './origins.ts';

/** Calls of a wrapped fetch, beside those of the platform's. */
export const fetchKind: Kind<FetchPlan> = {
  choices: fetchChoices,
  draw: (chance: Chance) => drawFetch(chance),
  async differences(plan: FetchPlan, id: string, origins: Origins): Promise<readonly Difference[]> {
    const [usual, ours] = await Promise.all([
      observeFetch(plan, { side: 'a', id, origins }),
      observeFetch(plan, { side: 'b', id, origins }),
    ]);
    if (plan.wrap !== 'no route' && plan.setting !== 'mode no-cors' && isRecovered(usual))
      return recoveredFaults(usual, ours);
    const differences = [
      ...compare(usual, ours).filter(
        (difference) => !isUnasked(difference, usual) && !isOfStream(difference),
      ),
      ...doubts(usual, ours),
    ].filter((difference) => !isChance(difference, plan));
    // It takes no time to see that nothing can be sent. What has an answer without a server, as a `data:` has, was sent.
    const isUnsent = usual.arrived.length === 0 && usual.outcome.kind === 'rejected';
    const isLate = isUnsent && ours.waits > 0 && plan.address !== 'refused port';
    return isLate ? [...differences, { kind: 'waits', usual: 0, ours: ours.waits }] : differences;
  },
};
