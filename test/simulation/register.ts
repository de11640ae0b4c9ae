import type { Read, Violation, Written } from './history.ts';

/** Writers that each put a value of their own, which is their id, and readers. */
export interface RegisterHistory {
  readonly initial: string;
  readonly writes: readonly Written[];
  readonly reads: readonly Read<string>[];
}

interface Operation {
  readonly kind: 'write' | 'read';
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly isIdempotent: boolean;
}

/**
 * Whether one register explains what everybody saw (Wing and Gong 1993, with Lowe's memory): there is an order, within
 * the times of the operations, in which each read sees the last write before it.
 *
 * A write of which nobody knows may take effect at any later time, or never. One that failed never does. One that may be
 * made more than once may take effect again for as long as its caller waits.
 */
export function checkRegister({ initial, writes, reads }: RegisterHistory): readonly Violation[] {
  const operations: readonly Operation[] = [
    ...writes
      .filter(({ outcome }) => outcome !== 'failed')
      .map(({ id, start, end, isIdempotent }) => ({
        kind: 'write' as const,
        value: id,
        start,
        end,
        isIdempotent,
      })),
    ...reads.map(({ seen, start, end }) => ({
      kind: 'read' as const,
      value: seen,
      start,
      end,
      isIdempotent: false,
    })),
  ];
  if (operations.length > 30) throw new RangeError('A history of more than 30 operations takes too long.');
  if (canExplain(operations, initial)) return [];
  const told = [...operations].sort((one, other) => one.start - other.start).map(tell);
  return [{ kind: 'not linearizable', what: told.join(', ') }];
}

function canExplain(operations: readonly Operation[], initial: string): boolean {
  const known = operations.reduce(
    (mask, { end }, index) => (end === Infinity ? mask : mask | (1 << index)),
    0,
  );
  const seen = new Set<string>();

  function search(done: number, value: string): boolean {
    if ((done & known) === known) return true;
    const state = `${done} ${value}`;
    if (seen.has(state)) return false;
    seen.add(state);
    // What begins only after something has ended can't come before it.
    let firstEnd = Infinity;
    let lastStart = -Infinity;
    for (const [index, { start, end }] of operations.entries())
      if (done & (1 << index)) lastStart = Math.max(lastStart, start);
      else firstEnd = Math.min(firstEnd, end);
    for (const [index, operation] of operations.entries()) {
      const { kind, start, end, isIdempotent } = operation;
      const isDone = (done & (1 << index)) !== 0;
      const isPossible = isDone ? isIdempotent && end > lastStart : start < firstEnd;
      if (!isPossible || (kind === 'read' && operation.value !== value)) continue;
      if (search(done | (1 << index), operation.value)) return true;
    }
    return false;
  }
  return search(0, initial);
}

function tell({ kind, value, start, end }: Operation): string {
  return `${kind} ${value} [${start}…${end === Infinity ? '' : end}]`;
}
