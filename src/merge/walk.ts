import { stepsFor, type Meter } from '../core/bounds.ts';
import { unknownBase, type Conflict, type ConflictReason } from '../core/conflict.ts';
import { absent, formatPointer } from '../core/pointer.ts';
import { isRecord, withMember, type JsonRecord } from '../core/record.ts';
import { decided } from './decided.ts';
import type { FieldSides, Resolve, Places, Rule, Walk } from './rule.ts';
import { below, nowhere, ruleAt } from './rules.ts';
import { contested, trivial } from './trivial.ts';

/** The result of a merge. */
export interface Merged<Value = unknown> {
  /**
   * The merged value. Where a conflict remains, the value has the remote side there, or the local side where the remote
   * has nothing. The value shares structure with the sides: take it as read-only, or copy it.
   */
  readonly value: Value;
  /**
   * The conflicts that could not be decided: those of items that moved between lists, then the others in document
   * order. Empty if there are none.
   */
  readonly conflicts: readonly Conflict[];
}

/** Walks the three sides at once. Visits each value a bounded number of times, and changes no side. */
export function walk(sides: FieldSides, rules: Places, byDefault: Resolve, meter: Meter): Merged {
  const path: string[] = [];
  const conflicts: Conflict[] = [];
  let resolve = byDefault;
  let places = rules;
  let measured = false;

  const clash = (
    contest: FieldSides,
    reason: ConflictReason | undefined = contest.base === unknownBase ? 'base-unknown' : undefined,
    standing = contest.remote === absent ? contest.local : contest.remote,
  ): unknown => {
    if (resolve === 'local' || resolve === 'remote') return contest[resolve];
    meter.spend(10);
    const conflict = { path: formatPointer(path), ...contest, ...(reason && { reason }) };
    if (typeof resolve === 'function') {
      const value = decided(resolve(conflict), contest, conflict.path);
      if (value !== contested) return value;
    }
    conflicts.push(conflict);
    return standing;
  };

  /**
   * Bounds a value that is about to be compared as a whole; `false` where the comparison would cost too much. A value
   * that a rule gets is measured once, with everything inside.
   */
  const measure = ({ base, local, remote }: FieldSides): boolean =>
    measured || meter.measure(path, base, local, remote);

  const visit = (base: unknown, local: unknown, remote: unknown): unknown => {
    if (places !== nowhere) {
      const rule = ruleAt(places);
      if (rule) return byRule(rule, { base, local, remote });
    } else if (local === remote || local === base) return remote;
    else if (remote === base) return local;

    if (isRecord(local) && isRecord(remote)) return members(base, local, remote);
    const field = { base, local, remote };
    if (!measure(field)) return clash(field, 'too-large');
    const value = trivial(field);
    return value === contested ? clash(field) : value;
  };

  const byRule = (rule: Rule, field: FieldSides): unknown => {
    const outer = { resolve, measured };
    const isSmall = meter.spend(10) && measure(field);
    measured = true;
    resolve = rule.resolve ?? resolve;
    const value = isSmall ? rule.merge(field, self) : clash(field, 'too-large');
    ({ resolve, measured } = outer);
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

  const members = (base: unknown, local: JsonRecord, remote: JsonRecord): unknown => {
    const ourKeys = Object.keys(local);
    const size = ourKeys.length;
    if (!measured) meter.count(3 * size, path);
    if (!meter.spend(3 * stepsFor(size))) return clash({ base, local, remote }, 'too-large');

    let merged: Record<string, unknown> | undefined;
    const isFree = places === nowhere;
    let shared = 0;
    // Most of the time of a merge is spent in this loop, so it makes no list of keys, and doesn't look at the base
    // where the sides agree.
    for (const key in remote) {
      const there = remote[key];
      const here = local[key];
      // An inherited value is no JSON value, so it never equals a member of the other side.
      if (isFree && there !== undefined && there === here) {
        shared++;
        continue;
      }
      if (own(remote, key, there) === absent) continue;
      const ours = own(local, key, here);
      if (ours !== absent) shared++;
      else {
        if (!measured) meter.count(1, path);
        if (!meter.spend(10)) return clash({ base, local, remote }, 'too-large');
      }
      const value = member(key, former(base, key), ours, there);
      if (value !== there) merged = withMember(merged, remote, key, value);
    }
    if (shared === size) return merged ?? remote;
    for (const key of ourKeys) {
      if (Object.hasOwn(remote, key)) continue;
      const value = member(key, former(base, key), local[key], absent);
      if (value !== absent) merged = withMember(merged, remote, key, value);
    }
    return merged ?? remote;
  };

  const self: Walk = {
    path: () => formatPointer(path),
    resolve: () => resolve,
    spend: meter.spend,
    member,
    clash,
  };

  return { value: visit(sides.base, sides.local, sides.remote), conflicts };
}

/**
 * The value of a member, or `absent`. Asking whether `Object.prototype` has the name is faster than asking each object
 * whether the member is its own.
 */
function own(record: JsonRecord, key: string, value = record[key]): unknown {
  return (value !== undefined && !(key in Object.prototype)) || Object.hasOwn(record, key) ? value : absent;
}

/** The value that a member has in the base. */
function former(base: unknown, key: string): unknown {
  if (base === unknownBase) return base;
  return isRecord(base) ? own(base, key) : absent;
}
