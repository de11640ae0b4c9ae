import { isObject, itemsAfter, put, type Document, type Plan } from './document.ts';
import type { Scenario } from './scenario.ts';
import type { Operation } from './server.ts';

/** A change in the words of a PATCH. */
export function patchOf(plan: Plan, base: Document, scenario: Scenario): object {
  if (scenario.format === 'operations') return operationsOf(plan, base, scenario.nulls);
  const patch: Record<string, unknown> = {};
  for (const [place, value] of Object.entries(plan.sets)) put(patch, place, value);
  if (plan.adds !== undefined || plan.drops !== undefined) patch.items = itemsAfter(base, plan);
  if (!scenario.isShallow) return patch;
  // Whoever knows that an object is put in the place of another one says the whole of it.
  return Object.fromEntries(Object.entries(patch).map(([name, inner]) => [name, over(base[name], inner)]));
}

function over(base: unknown, patch: unknown): unknown {
  if (!isObject(base) || !isObject(patch)) return patch;
  const inner = Object.entries(patch).map(([name, value]) => [name, over(base[name], value)]);
  return { ...base, ...(Object.fromEntries(inner) as object) };
}

function operationsOf(
  { sets, adds, drops, phase }: Plan,
  base: Document,
  nulls: Scenario['nulls'],
): Operation[] {
  const operations: Operation[] = [];
  if (phase !== undefined) operations.push({ op: 'test', path: '/phase', value: phase });
  for (const [path, value] of Object.entries(sets))
    operations.push(
      value === null && nulls === 'removal' ? { op: 'remove', path } : { op: 'add', path, value },
    );
  const path = `/items/${base.items.indexOf(drops ?? '')}`;
  if (drops !== undefined) operations.push({ op: 'test', path, value: drops }, { op: 'remove', path });
  if (adds !== undefined) operations.push({ op: 'add', path: '/items/-', value: adds });
  return operations;
}

/** The content type that says so. */
export function typeOf({ format }: Scenario): string {
  if (format === 'plain') return 'application/json';
  return format === 'operations' ? 'application/json-patch+json' : 'application/merge-patch+json';
}
