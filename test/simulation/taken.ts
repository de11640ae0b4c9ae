import type { ListHistory } from './append-list.ts';
import { judge, type Violation } from './history.ts';

/**
 * A list whose items somebody takes back: each acknowledged id has come into it exactly once. One that was taken back, and
 * comes again, was made twice.
 */
export function checkTaken({ appends, states }: Omit<ListHistory, 'reads'>): readonly Violation[] {
  return appends.flatMap((append) => {
    const counts = states.map((items) => items.filter((id) => id === append.id).length);
    const comings = counts.reduce(
      (sum, count, index) => sum + Math.max(0, count - (counts[index - 1] ?? 0)),
      0,
    );
    return judge({ ...append, isIdempotent: false }, comings);
  });
}
