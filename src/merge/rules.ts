import { parsePointer } from '../core/pointer.ts';
import { demandCalled, isStrategy } from '../core/resolution.ts';
import { decided } from './decided.ts';
import type { FieldRule, FieldSides, Join, Place, Places, Rule, Walk } from './rule.ts';
import { contested, whereContested } from './trivial.ts';

/** Rules by pointer, whatever the type of the values. */
export type RuleTable = Readonly<Record<string, FieldRule | undefined>>;

/** The places of a path that no rule reaches. */
export const nowhere: Places = [];

/** Rules by place, and the properties of all rules together. */
export interface Table {
  readonly places: Places;
  /** Whether every rule is safe to apply twice. */
  readonly repeatable: boolean;
  /** Whether equal changes add up under any rule. */
  readonly additive: boolean;
  /** Follows items from list to list; `undefined` where no rule is for a list of items. */
  readonly join: Join | undefined;
}

/**
 * Sorts rules by their pointers.
 *
 * @throws {SyntaxError} for a key that is no JSON Pointer.
 * @throws {TypeError} for an entry that is no rule, such as a rule's function that wasn't called.
 */
export function placesOf(rules: RuleTable): Table {
  const root: Place = { members: new Map() };
  let repeatable = true;
  let additive = false;
  let join: Join | undefined;
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
    place.rule = toRule(rule, pointer);
    repeatable &&= place.rule.repeatable;
    additive ||= place.rule.additive ?? false;
    join ??= place.rule.identity?.join;
  }
  const places = root.rule || root.any || root.members.size > 0 ? [root] : nowhere;
  return { places, repeatable, additive, join };
}

/** The places that a step leads to. A name beats `*`, and an earlier place beats a later one. */
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

function toRule(rule: FieldRule, pointer: string): Rule {
  demandCalled(rule, `'${pointer}'`);
  if (typeof rule !== 'function') {
    if ('merge' in rule) return rule;
    throw new TypeError(`The rule of '${pointer}' is none.`);
  }
  const byHand = !isStrategy(rule);
  const merge = (sides: FieldSides, walk: Walk): unknown => {
    const { base, local, remote } = sides;
    const path = walk.path();
    const value = decided(byHand ? rule(base, local, remote, path) : rule, sides, path);
    return value === contested ? walk.clash(sides) : value;
  };
  return {
    repeatable: !byHand && rule.repeatable,
    additive: !byHand && rule.additive,
    resolve: undefined,
    merge: byHand ? whereContested(merge) : merge,
  };
}
