import type { BudgetOptions } from '../../src/core/budget.ts';

import type { Fault } from './fault.ts';
import type { Strategy } from './strategy.ts';
import type { Script, Turn } from './venue.ts';

/** The bounds of nearly every case. */
export const bounds = { retry: 3, timeout: 5_000, totalTimeout: 60_000 };

/** The bounds of a case. */
export function boundsOf({ lacks }: Case): typeof bounds {
  return lacks === 'time' ? { ...bounds, totalTimeout: bounds.timeout - 1 } : bounds;
}

/** What the client of a case may spend: enough for conflicts, but not for failures, where it lacks that. */
export function budgetOf({ lacks }: Case): BudgetOptions {
  return lacks === 'budget' ? { tokens: 4, conflictCost: 1, failureCost: 5 } : {};
}

/** What a write asks for: under a version that it names, only if there is nothing yet, or whatever is there. */
type Condition = 'version' | 'nothing yet' | 'none';

export type Method = 'PUT' | 'PATCH' | 'POST' | 'DELETE';

/** Which request the fault meets. */
export type Stage =
  | 'first write'
  /** The read after the first write was refused, as somebody else came first. */
  | 're-read'
  /** The merged write after that. */
  | 'second write'
  /** The read after the first write got no answer. */
  | 'look'
  /** The first write once more, after it got lost on its way and the read has told. */
  | 'resend'
  | 'every write';

/** By what the write is made: a wrapped fetch, or a handle of a client, of which an update reads first. */
type Maker = 'fetch' | 'handle' | 'update';

/** A write, and what happens to it. */
export interface Case {
  readonly name: string;
  readonly maker: Maker;
  readonly method: Method;
  readonly condition: Condition;
  readonly strategy: Strategy;
  readonly stage: Stage;
  readonly fault: Fault;
  /** At a look: what came before it. */
  readonly loss?: Fault;
  /** Whether each read from there on meets the fault. */
  readonly isLasting: boolean;
  /** What somebody else does right after the fault. */
  readonly then: Turn | undefined;
  /** What there is less of than it takes: the time for the whole write is over before that for one request. */
  readonly lacks: 'time' | 'budget' | undefined;
}

/** What has to happen for the fault to meet its request. */
export function scriptOf({ maker, stage, fault, loss, isLasting, then }: Case): Script {
  const first = { on: 'write', nth: 1 } as const;
  const read = { on: 'read', nth: maker === 'update' ? 2 : 1 } as const;
  const next = { ...(then && { then }) };
  const before = loss ? [{ ...first, fault: loss }] : [];
  switch (stage) {
    case 'first write':
      return { mishaps: [{ ...first, fault, ...next }] };
    case 're-read':
      return { isOvertaken: true, mishaps: [{ ...read, fault, isLasting, ...next }] };
    case 'second write':
      return { isOvertaken: true, mishaps: [{ ...first, nth: 2, fault, ...next }] };
    case 'look':
      return { mishaps: [...before, { ...read, fault, isLasting, ...next }] };
    case 'resend':
      return { mishaps: [...before, { ...first, nth: 2, fault, ...next }] };
    case 'every write':
      return { mishaps: [{ ...first, fault, isLasting: true, ...next }] };
  }
}
