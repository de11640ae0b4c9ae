import type { Meter } from '../core/bounds.ts';
import { unknownBase, type Conflict, type ConflictReason } from '../core/conflict.ts';
import { absent, formatPointer } from '../core/pointer.ts';
import { isRecord, type JsonRecord } from '../core/record.ts';
import { decided } from './decided.ts';
import type { FieldSides, OnConflict, Places, Rule, Walk } from './rule.ts';
import { below, nowhere, ruleAt } from './rules.ts';
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
export function walk(sides: FieldSides, rules: Places, byDefault: OnConflict, meter: Meter): Merged {
  const path: string[] = [];
  const conflicts: Conflict[] = [];
  let onConflict = byDefault;
  let places = rules;
  let measured = false;

  const clash = (
    { base, local, remote }: FieldSides,
    reason: ConflictReason | undefined = base === unknownBase ? 'base-unknown' : undefined,
    standing = remote === absent ? local : remote,
  ): unknown => {
    const contest = { base, local, remote };
    if (onConflict === 'local' || onConflict === 'remote') return contest[onConflict];
    const conflict = { path: formatPointer(path), ...contest, ...(reason && { reason }) };
    if (typeof onConflict === 'function') {
      const value = decided(onConflict(conflict), contest, conflict.path);
      if (value !== contested) return value;
    }
    conflicts.push(conflict);
    return standing;
  };

  /**
   * Bounds what is about to be compared as a whole; `false` where that would cost too much. What a rule gets is measured once,
   * with all that is inside.
   */
  const measure = ({ base, local, remote }: FieldSides): boolean => {
    let values = 0;
    for (const side of [base, local, remote])
      if (typeof side === 'object') values += meter.measure(side, path);
    return meter.spend((3 * values) >> 2);
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
    if (!measured && !measure(field)) return clash(field, 'too-large');
    const value = trivial(field);
    return value === contested ? clash(field) : value;
  };

  const byRule = (rule: Rule, field: FieldSides): unknown => {
    const outer = { onConflict, measured };
    const isSmall = measured || measure(field);
    measured = true;
    onConflict = rule.onConflict ?? onConflict;
    const value = isSmall ? rule.merge(field, self) : clash(field, 'too-large');
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
    const ourKeys = Object.keys(local);
    if (!measured) meter.count(3 * ourKeys.length, path);
    if (!meter.spend(stepsFor(ourKeys.length))) return clash({ base, local, remote }, 'too-large');

    let merged: Record<string, unknown> | undefined;
    const names: string[] = [];
    const theirs = unlike(local, remote, names, places === nowhere);
    let shared = theirs - names.length;
    for (const key of names) {
      const there = own(remote, key);
      if (there === absent) continue;
      const here = own(local, key);
      if (here !== absent) shared++;
      const value = member(key, base === unknownBase ? base : own(base, key), here, there);
      if (value === there) continue;
      // The copy keeps an own `__proto__` as what it is.
      merged ??= { ...remote };
      if (value === absent) Reflect.deleteProperty(merged, key);
      else define(merged, key, value);
    }
    if (!measured) meter.count(Math.max(0, theirs - ourKeys.length), path);
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
    spend: meter.spend,
    member,
    clash,
  };

  return { value: visit(sides.base, sides.local, sides.remote), conflicts };
}

/**
 * Finds the names of the remote's members that are not the very same on both sides, or of all, and counts all. What both inherit under
 * a name is no JSON value, and so never the same. A function of its own with no list of keys: this loop is what a merge costs.
 */
function unlike(local: JsonRecord, remote: JsonRecord, names: string[], isFree: boolean): number {
  let count = 0;
  for (const key in remote) {
    const there = remote[key];
    count++;
    if (there !== local[key] || !isFree || there === undefined) names.push(key);
  }
  return count;
}

/** An object of more members than an engine lays out takes several times as long for each. */
function stepsFor(members: number): number {
  return members < 1000 ? 3 * members : 30 * members;
}

/** A member, or `absent`. Asking whether a name is inherited by all is faster than asking each object whether it is its own. */
function own(record: JsonRecord, key: string): unknown {
  const value = record[key];
  if (value !== undefined && !(key in Object.prototype)) return value;
  return Object.hasOwn(record, key) ? value : absent;
}

/** Assigning to `__proto__` would call a setter where there is no such member yet. */
function define(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
  } else record[key] = value;
}
