import { createMeter, type Bounds } from '../core/bounds.ts';
import { unknownBase, type Conflict } from '../core/conflict.ts';
import { absent, formatPointer } from '../core/pointer.ts';
import { isRecord, type JsonRecord } from '../core/record.ts';
import { decided } from './decided.ts';
import type { FieldSides, OnConflict, Rule, Walk } from './rule.ts';
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
export function walk(sides: FieldSides, rules: Places, byDefault: OnConflict, bounds: Bounds): Merged {
  const meter = createMeter(bounds);
  const path: string[] = [];
  const conflicts: Conflict[] = [];
  let onConflict = byDefault;
  let places = rules;
  let measured = false;

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

  /** Bounds what is about to be compared as a whole. What a rule gets is measured once, with all that is inside. */
  const measure = ({ base, local, remote }: FieldSides): void => {
    for (const side of [base, local, remote]) if (typeof side === 'object') meter.measure(side, path);
  };

  const visit = (base: unknown, local: unknown, remote: unknown): unknown => {
    if (places !== nowhere) {
      const rule = ruleAt(places);
      if (rule) return byRule(rule, { base, local, remote });
    } else if (local === remote || local === base) return remote;
    else if (remote === base) return local;

    if (isRecord(local) && isRecord(remote)) {
      return members(isRecord(base) || base === unknownBase ? base : none, local, remote);
    }
    const field = { base, local, remote };
    if (!measured) measure(field);
    const value = trivial(field);
    return value === contested ? clash(field) : value;
  };

  const byRule = (rule: Rule, field: FieldSides): unknown => {
    const outer = { onConflict, measured };
    if (!measured) measure(field);
    measured = true;
    onConflict = rule.onConflict ?? onConflict;
    const value = rule.merge(field, self);
    ({ onConflict, measured } = outer);
    return value;
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
    // Keys and values in two arrays: several times faster than asking each object for each member.
    const theirKeys = Object.keys(remote);
    const theirValues = Object.values(remote);
    const ourKeys = Object.keys(local);
    const ourValues = Object.values(local);
    if (!measured) meter.count(2 * theirKeys.length + ourKeys.length, path);

    let merged: Record<string, unknown> | undefined;
    let shared = 0;
    const free = places === nowhere;
    // Not `entries()`: this loop is what a merge costs.
    for (let index = 0; index < theirKeys.length; index++) {
      const key = theirKeys[index] ?? '';
      const theirs = theirValues[index];
      const ours = ourKeys[index] === key ? ourValues[index] : own(local, key);
      if (ours !== absent) shared++;
      if (ours === theirs && free) continue;
      const value = member(key, base === unknownBase ? base : own(base, key), ours, theirs);
      if (value === theirs) continue;
      // The copy keeps an own `__proto__` as what it is.
      merged ??= { ...remote };
      if (value === absent) Reflect.deleteProperty(merged, key);
      else define(merged, key, value);
    }
    if (shared === ourKeys.length) return merged ?? remote;
    for (const key of ourKeys) {
      if (Object.hasOwn(remote, key)) continue;
      const value = member(key, base === unknownBase ? base : own(base, key), local[key], absent);
      if (value !== absent) define((merged ??= { ...remote }), key, value);
    }
    return merged ?? remote;
  };

  const self: Walk = {
    path: () => formatPointer(path),
    onConflict: () => onConflict,
    member,
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
