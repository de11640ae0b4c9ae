import { unknownBase, type Conflict } from '../core/conflict.ts';
import { absent, formatPointer } from '../core/pointer.ts';
import { isRecord, type JsonRecord } from '../core/record.ts';
import { decided } from './decided.ts';
import type { FieldSides, OnConflict, Walk } from './rule.ts';
import { below, nowhere, ruleAt, type Places } from './rules.ts';
import { contested, trivial } from './trivial.ts';

/** What a merge comes to. */
export interface Merged<Value = unknown> {
  /**
   * The merged value. Where a conflict remains it holds the remote side, or the local one where the remote has nothing.
   * It shares structure with the sides: take it as read-only, or copy it.
   */
  readonly value: Value;
  /** What could not be decided, in document order; empty when all went well. */
  readonly conflicts: readonly Conflict[];
}

const none: JsonRecord = {};

/** Walks the three sides at once, each value seen a bounded number of times, and changes none of them. */
export function walk(sides: FieldSides, rules: Places, byDefault: OnConflict): Merged {
  const path: string[] = [];
  const conflicts: Conflict[] = [];
  let onConflict = byDefault;
  let places = rules;

  const clash = (
    contest: FieldSides,
    standing = contest.remote === absent ? contest.local : contest.remote,
  ): unknown => {
    if (onConflict === 'local' || onConflict === 'remote') return contest[onConflict];
    const conflict = { path: formatPointer(path), ...contest };
    if (typeof onConflict === 'function') {
      const value = decided(onConflict(conflict), contest, conflict.path);
      if (value !== contested) return value;
    }
    conflicts.push(conflict);
    return standing;
  };

  const visit = (base: unknown, local: unknown, remote: unknown): unknown => {
    if (places !== nowhere) {
      const rule = ruleAt(places);
      if (rule) {
        const outer = onConflict;
        onConflict = rule.onConflict ?? outer;
        const value = rule.merge({ base, local, remote }, self);
        onConflict = outer;
        return value;
      }
    } else if (local === remote || local === base) return remote;
    else if (remote === base) return local;

    if (isRecord(local) && isRecord(remote)) {
      return members(isRecord(base) || base === unknownBase ? base : none, local, remote);
    }
    const field = { base, local, remote };
    const value = trivial(field);
    return value === contested ? clash(field) : value;
  };

  const member = (step: string, base: unknown, local: unknown, remote: unknown): unknown => {
    const here = places;
    if (here !== nowhere) places = below(here, step);
    path.push(step);
    const value = visit(base, local, remote);
    path.pop();
    places = here;
    return value;
  };

  const members = (base: JsonRecord | typeof unknownBase, local: JsonRecord, remote: JsonRecord): unknown => {
    const baseOf = (key: string) => (base === unknownBase ? unknownBase : own(base, key));
    let merged: Record<string, unknown> | undefined;
    for (const key of Object.keys(remote)) {
      const theirs = remote[key];
      const value = member(key, baseOf(key), own(local, key), theirs);
      if (value === theirs) continue;
      // The copy keeps an own `__proto__` as what it is.
      merged ??= { ...remote };
      if (value === absent) Reflect.deleteProperty(merged, key);
      else define(merged, key, value);
    }
    for (const key of Object.keys(local)) {
      if (Object.hasOwn(remote, key)) continue;
      const value = member(key, baseOf(key), local[key], absent);
      if (value !== absent) define((merged ??= { ...remote }), key, value);
    }
    return merged ?? remote;
  };

  const self: Walk = {
    path: () => formatPointer(path),
    onConflict: () => onConflict,
    member: (step, { base, local, remote }) => member(step, base, local, remote),
    clash,
  };

  return { value: visit(sides.base, sides.local, sides.remote), conflicts };
}

function own(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : absent;
}

/** Assigning to `__proto__` would call a setter where there is no such member yet. */
function define(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
  } else record[key] = value;
}
