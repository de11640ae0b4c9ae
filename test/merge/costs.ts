import { keepRemote, list, merge, sequence, set, text, type Rules, type Sides } from '../../src/merge.ts';
import { expect } from 'vitest';

/** Makes three sides of a size. */
type Make = (size: number) => Sides;

export function range<Value>(size: number, make: (index: number) => Value): Value[] {
  return Array.from({ length: size }, (_, index) => make(index));
}

export const row = (id: number, more: object = {}): object => ({
  id,
  name: `row ${String(id)}`,
  size: 1,
  ...more,
});

export function sidesOf(make: (whose: 'base' | 'local' | 'remote') => unknown): Sides {
  return { base: make('base'), local: make('local'), remote: make('remote') };
}

/** Cards of which the local side moves each third, and the remote renames each fifth. */
export function board(size: number): Sides {
  const cards = range(size, (id) => row(id));
  const moved = (id: number): boolean => id % 3 === 0;
  return {
    base: { todo: cards, done: [] },
    local: { todo: cards.filter((_, id) => !moved(id)), done: cards.filter((_, id) => moved(id)) },
    remote: { todo: range(size, (id) => row(id, id % 5 ? {} : { name: 'new' })), done: [] },
  };
}

export const cases: readonly (readonly [name: string, rules: Rules, make: Make])[] = [
  [
    'objects',
    {},
    (size) =>
      sidesOf((whose) =>
        range(size, (id) => [String(id), row(id, { [whose]: 1, all: whose })]).reduce(grouped, {}),
      ),
  ],
  [
    'a value that is one',
    { '': keepRemote() },
    (size) => sidesOf((whose) => range(size, (id) => row(id, { whose }))),
  ],
  [
    'a list whose items both sides edit',
    { '': list({ key: 'id' }) },
    (size) => sidesOf((whose) => range(size, (id) => row(id, { [whose]: 1 }))),
  ],
  [
    'a list that both sides sort anew',
    { '': list({ key: 'id' }) },
    (size) =>
      sidesOf((whose) =>
        shuffled(
          range(size, (id) => row(id)),
          { base: 1, local: 7, remote: 11 }[whose],
        ),
      ),
  ],
  ['lists between which items move', { '/*': list({ key: 'id' }) }, board],
  [
    'lists within items, between which items move',
    { '': list({ key: 'id' }), '/*/cards': list({ key: 'id' }) },
    (size) =>
      sidesOf((whose) => {
        const cards = shuffled(
          range(size, (id) => row(id)),
          { base: 1, local: 7, remote: 1 }[whose],
        );
        return range(size / 10, (id) => ({ id, cards: cards.slice(10 * id, 10 * id + 10) }));
      }),
  ],
  [
    'lists of which no item is the same',
    { '': list({ key: 'id' }) },
    (size) => sidesOf((whose) => range(size, (id) => ({ id: whose + String(id) }))),
  ],
  [
    'members that a side removed',
    {},
    (size) => {
      const all = (): object => Object.fromEntries(range(size, (id) => [`member ${String(id)}`, id]));
      return { base: all(), local: {}, remote: all() };
    },
  ],
  ['a rule for each member', { '/*/*': () => 1 }, (size) => inGroups(size, (_, whose) => whose)],
  [
    'a text in each member',
    { '/*/*': text() },
    (size) => inGroups(size, (id, whose) => lines(7, id % 2 ? whose : 'base').join('\n')),
  ],
  ['a set', { '': set() }, (size) => sidesOf((whose) => range(size, (id) => row(id + whose.length)))],
  ['a text', { '': text() }, (size) => sidesOf((whose) => lines(size, whose).join('\n'))],
  [
    'a text with other line ends',
    { '': text() },
    (size) => sidesOf((whose) => lines(size, whose).join(whose === 'local' ? '\n' : '\r\n')),
  ],
  ['a sequence', { '': sequence() }, (size) => sidesOf((whose) => lines(size, whose))],
];

/** Puts members into objects of fifty. */
function grouped(
  groups: Record<string, object>,
  [id = '', value]: readonly unknown[],
): Record<string, object> {
  const name = `group ${String(Math.floor(Number(id) / 50))}`;
  return Object.assign(groups, { [name]: Object.assign(groups[name] ?? {}, { [String(id)]: value }) });
}

function shuffled<Item>(items: readonly Item[], step: number): Item[] {
  return items.map((_, index) => items[(index * step) % items.length] as Item);
}

/** Objects of fifty members. */
export function inGroups(size: number, make: (id: number, whose: string) => unknown): Sides {
  return sidesOf((whose) =>
    range(size, (id) => [String(id), make(id, whose)]).reduce<Record<string, object>>(grouped, {}),
  );
}

/** Lines of which each side changes others. */
function lines(size: number, whose: string): string[] {
  const turn = { base: -1, local: 0, remote: 5 }[whose] ?? 0;
  return range(size, (index) =>
    index % 10 === turn ? `${whose} ${String(index)}` : `line ${String(index)}`,
  );
}

/** The least `maxSteps` with which nothing is given up for its size. */
export function stepsOf(rules: Rules, sides: Sides): number {
  const isEnough = (maxSteps: number): boolean =>
    merge<unknown>(sides, rules, { maxSteps }).conflicts.every(({ reason }) => reason !== 'too-large');
  let enough = 1;
  while (!isEnough(enough)) enough *= 2;
  for (let step = enough / 2; step > enough / 200; step = Math.floor(step / 2))
    if (isEnough(enough - step)) enough -= step;
  return enough;
}

/** How often something reads a member of some values, or their names. */
export function readsOf(values: readonly unknown[], read: (values: readonly unknown[]) => unknown): number {
  let reads = 0;
  const known = new WeakMap<object, object>();
  const noted = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const proxy =
      known.get(value) ??
      new Proxy(value, {
        get(target, name) {
          reads++;
          return noted(Reflect.get(target, name));
        },
        ownKeys(target) {
          const names = Reflect.ownKeys(target);
          reads += names.length;
          return names;
        },
      });
    known.set(value, proxy);
    return proxy;
  };
  read(values.map(noted));
  return reads;
}

/** Whether a number grows no faster than the size does, but for a tenth, and a logarithm. */
export function expectLinear(count: (size: number) => number, size: number): void {
  const [one, four, sixteen] = [count(size), count(4 * size), count(16 * size)] as [number, number, number];
  expect(one).toBeGreaterThan(size / 10);
  expect(four / one).toBeLessThan(4.6);
  expect(sixteen / one).toBeLessThan(18.5);
}
