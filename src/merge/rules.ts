import { parsePointer } from '../core/pointer.ts';
import { isStrategy } from '../core/resolution.ts';
import { decided } from './decided.ts';
import type { FieldRule, FieldSides, Rule, Walk } from './rule.ts';
import { contested, whereContested } from './trivial.ts';

/** Rules by pointer, whatever the type of the values. */
export type RuleTable = Readonly<Record<string, FieldRule | undefined>>;

/** One step of the rules' pointers: what holds here, and what below. */
interface Place {
  rule?: Rule;
  readonly members: Map<string, Place>;
  /** What `*` leads to. */
  any?: Place;
}

/** The places that a path leads to, the most specific first: several, since `*` and a name may both fit. */
export type Places = readonly Place[];

/** Where no rule reaches. */
export const nowhere: Places = [];

/**
 * Sorts rules by their pointers, and says whether every one is safe to apply twice, and whether any adds up.
 *
 * @throws {SyntaxError} for a key that is no JSON Pointer.
 */
export function placesOf(rules: RuleTable): {
  readonly places: Places;
  readonly idempotent: boolean;
  readonly additive: boolean;
} {
  const root: Place = { members: new Map() };
  let idempotent = true;
  let additive = false;
  for (const [pointer, rule] of Object.entries(rules)) {
    if (rule === undefined) continue;
    let place = root;
    for (const step of parsePointer(pointer)) {
      let next: Place | undefined = step === '*' ? place.any : place.members.get(step);
      if (!next) {
        next = { members: new Map() };
        if (step === '*') place.any = next;
        else place.members.set(step, next);
      }
      place = next;
    }
    place.rule = toRule(rule);
    idempotent &&= place.rule.idempotent;
    additive ||= place.rule.additive ?? false;
  }
  return { places: root.rule || root.any || root.members.size > 0 ? [root] : nowhere, idempotent, additive };
}

/** Where a step leads. A name beats `*`, an earlier name a later one. */
export function below(places: Places, step: string): Places {
  const found: Place[] = [];
  for (const place of places) {
    const named = place.members.get(step);
    if (named) found.push(named);
    if (place.any) found.push(place.any);
  }
  return found.length > 0 ? found : nowhere;
}

/** The most specific rule at a place. */
export function ruleAt(places: Places): Rule | undefined {
  for (const { rule } of places) if (rule) return rule;
  return undefined;
}

function toRule(rule: FieldRule): Rule {
  if (typeof rule !== 'function' && !isStrategy(rule)) return rule as Rule;
  const byHand = !isStrategy(rule);
  const merge = (sides: FieldSides, walk: Walk): unknown => {
    const { base, local, remote } = sides;
    const path = walk.path();
    const value = decided(byHand ? rule(base, local, remote, path) : rule, sides, path);
    return value === contested ? walk.clash(sides) : value;
  };
  return {
    idempotent: !byHand && rule.idempotent,
    additive: !byHand && rule.additive,
    onConflict: undefined,
    merge: byHand ? whereContested(merge) : merge,
  };
}
