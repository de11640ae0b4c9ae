import { jsonPatch } from 'remerge/json-patch';
import { describe, expect, it } from 'vitest';
import { keepRemote, list, merge, sequence, set, text, type Rules, type Sides } from '../../src/merge.ts';

/** Makes three sides of a size. */
type Make = (size: number) => Sides;

function range<Value>(size: number, make: (index: number) => Value): Value[] {
  return Array.from({ length: size }, (_, index) => make(index));
}

const row = (id: number, more: object = {}): object => ({ id, name: `row ${String(id)}`, size: 1, ...more });

function sidesOf(make: (whose: 'base' | 'local' | 'remote') => unknown): Sides {
  return { base: make('base'), local: make('local'), remote: make('remote') };
}

/** Cards of which the local side moves each third, and the remote renames each fifth. */
function board(size: number): Sides {
  const cards = range(size, (id) => row(id));
  const moved = (id: number): boolean => id % 3 === 0;
  return {
    base: { todo: cards, done: [] },
    local: { todo: cards.filter((_, id) => !moved(id)), done: cards.filter((_, id) => moved(id)) },
    remote: { todo: range(size, (id) => row(id, id % 5 ? {} : { name: 'new' })), done: [] },
  };
}

const cases: readonly (readonly [name: string, rules: Rules, make: Make])[] = [
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

/** Lines of which each side changes others. */
function lines(size: number, whose: string): string[] {
  const turn = { base: -1, local: 0, remote: 5 }[whose] ?? 0;
  return range(size, (index) =>
    index % 10 === turn ? `${whose} ${String(index)}` : `line ${String(index)}`,
  );
}

/** The least `maxSteps` with which nothing is given up for its size. */
function stepsOf(rules: Rules, sides: Sides): number {
  const isEnough = (maxSteps: number): boolean =>
    merge<unknown>(sides, rules, { maxSteps }).conflicts.every(({ reason }) => reason !== 'too-large');
  let enough = 1;
  while (!isEnough(enough)) enough *= 2;
  for (let step = enough / 2; step > enough / 200; step = Math.floor(step / 2))
    if (isEnough(enough - step)) enough -= step;
  return enough;
}

/** How often something reads a member of some values, or their names. */
function readsOf(values: readonly unknown[], read: (values: readonly unknown[]) => unknown): number {
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
function expectLinear(count: (size: number) => number, size: number): void {
  const [one, four, sixteen] = [count(size), count(4 * size), count(16 * size)] as [number, number, number];
  expect(one).toBeGreaterThan(size / 10);
  expect(four / one).toBeLessThan(4.6);
  expect(sixteen / one).toBeLessThan(18.5);
}

describe('what a merge costs', () => {
  it.each(cases)('in steps grows as its size does: %s', (_, rules, make) => {
    expectLinear((size) => stepsOf(rules, make(size)), 200);
  });

  it.each(cases.filter(([name]) => !name.startsWith('a text') && name !== 'a sequence'))(
    'in reading grows as its size does: %s',
    (_, rules, make) => {
      expectLinear((size) => {
        const { base, local, remote } = make(size);
        return readsOf([base, local, remote], ([one, two, three]) =>
          merge({ base: one, local: two, remote: three }, rules),
        );
      }, 200);
    },
  );

  it('is for the whole of it, not for each field', () => {
    const alike = (end: string): string => ['x\n'.repeat(700), end].join('');
    const sides = sidesOf((whose) =>
      Object.fromEntries(range(20, (id) => [id, `${whose}\n${alike(whose)}`])),
    );
    const one = stepsOf(
      { '/0': text() },
      sidesOf((whose) => ({ 0: `${whose}\n${alike(whose)}` })),
    );
    const { conflicts } = merge<unknown>(sides, { '/*': text() }, { maxSteps: 3.5 * one });
    expect(conflicts.filter(({ reason }) => reason !== 'too-large')).toHaveLength(3);
    expect(conflicts.filter(({ reason }) => reason === 'too-large')).toHaveLength(17);
  });

  it('comes to the same each time, however busy the machine is', () => {
    const sides = board(3000);
    const rules: Rules = { '/*': list({ key: 'id' }) };
    for (const maxSteps of [1e4, 1e5, 2e5])
      expect(merge(sides, rules, { maxSteps })).toEqual(merge(sides, rules, { maxSteps }));
  });
});

describe('what a JSON Patch costs', () => {
  const { between } = jsonPatch();
  const changes: readonly (readonly [name: string, change: (rows: readonly object[]) => unknown])[] = [
    ['one row added in the middle', (rows) => rows.toSpliced(rows.length / 2, 0, row(-1))],
    ['each third row removed', (rows) => rows.filter((_, index) => index % 3)],
    ['each row edited', (rows) => rows.map((one) => ({ ...one, size: 2 }))],
    ['the rows turned round', (rows) => rows.toReversed()],
  ];

  it.each(changes)('grows as the size of the document does: %s', (_, change) => {
    expectLinear((size) => {
      const rows = range(size, (id) => row(id));
      return readsOf([rows, change(rows)], ([remote, merged]) =>
        between({ base: undefined, remote, merged, asked: [], fresh: {} }),
      );
    }, 200);
  });

  it('says one operation for one row that was added', () => {
    const rows = range(500, (id) => row(id));
    const merged = rows.toSpliced(250, 0, row(-1));
    expect(between({ base: undefined, remote: rows, merged, asked: [], fresh: {} })).toEqual({
      kind: 'patched',
      value: [{ op: 'add', path: '/250', value: row(-1) }],
    });
  });
});
