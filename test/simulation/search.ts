import { runMany, type Order } from './crew.ts';
import type { Find } from '../mutants/hunt.ts';

/** How many schedules are run at first before anybody looks at what they came to; then twice as many, and so on. */
const first = 200;

/** Runs schedules up to the first that has a violation of a kind, by the beginning of its name. `undefined` if none has. */
export async function search(
  order: Omit<Order, 'from'>,
  kind: string,
): Promise<(Find & { readonly kind: string }) | undefined> {
  for (let from = 0, size = first; from < order.to; from += size, size *= 2) {
    const { found } = await runMany({ ...order, from, to: Math.min(from + size, order.to) });
    const [earliest] = Object.entries(found)
      .filter(([name]) => name.startsWith(kind))
      .sort(([, one], [, other]) => one.runs - other.runs);
    if (earliest) return { kind: earliest[0], ...earliest[1] };
  }
  return undefined;
}
