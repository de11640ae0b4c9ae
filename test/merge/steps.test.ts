import { mergePatch } from 'remerge';
import { jsonPatch } from 'remerge/json-patch';
import { describe, expect, it } from 'vitest';
import { keepRemote, list, merge, text, type Rules, type Sides } from '../../src/merge.ts';
import { board, cases, expectLinear, inGroups, range, readsOf, row, sidesOf, stepsOf } from './costs.ts';

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

  const flat = (size: number, value: unknown): Sides =>
    sidesOf((whose) => ({
      ...Object.fromEntries(range(size, (id) => [`member ${String(id)}`, value])),
      whose,
    }));
  const oneSided = inGroups(500, (_, whose) => whose === 'local');
  const asked: Rules = { '': keepRemote() };
  it.each<readonly [what: string, least: number, rules: Rules, costly: Sides, cheap: Sides]>([
    ['a conflict', 5, {}, inGroups(500, (_, whose) => whose), oneSided],
    ['a rule', 5, { '/*/*': () => 1 }, inGroups(500, (_, whose) => whose), oneSided],
    ['a text', 10, { '/*/*': text() }, inGroups(500, (_, whose) => `${whose}\n`), oneSided],
    ['a member of a value', 0.5, asked, flat(500, 0), flat(0, 0)],
    ['an object in a value', 2, asked, flat(500, {}), flat(500, 0)],
  ])('grows by what takes time: %s', (_, least, rules, costly, cheap) => {
    expect(stepsOf(rules, costly) - stepsOf('' in rules ? rules : {}, cheap)).toBeGreaterThan(500 * least);
  });

  it('is several times as much for each member of an object that has thousands', () => {
    const [few, many] = [stepsOf(asked, flat(900, 0)), stepsOf(asked, flat(1800, 0))];
    expect(many).toBeGreaterThan(10 * few);
  });

  it.each(cases.filter(([name]) => !name.startsWith('a text') && !name.startsWith('a sequence')))(
    'bounds what is looked at: %s',
    (_, rules, make) => {
      const readsAt = (size: number): number => {
        const { base, local, remote } = make(size);
        return readsOf([base, local, remote], ([one, two, three]) =>
          merge({ base: one, local: two, remote: three }, rules, { maxSteps: 2000 }),
        );
      };
      expect(readsAt(6400) / readsAt(1600)).toBeLessThan(4.6);
    },
  );

  it('leaves half of what is left where a value is too large, for others', () => {
    const sides = sidesOf((whose) => ({ large: range(1000, () => [whose]), small: [whose] }));
    const { conflicts } = merge<unknown>(sides, {}, { maxSteps: 500 });
    expect(conflicts.map(({ path, reason }) => [path, reason])).toEqual([
      ['/large', 'too-large'],
      ['/small', undefined],
    ]);
  });

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

  const listIn = (levels: number, end: string): unknown =>
    range(levels, () => 0).reduce<unknown>((inner) => [inner], [...range(500, () => ({})), end]);
  const told = (remote: unknown, merged: unknown, maxSteps?: number): unknown =>
    jsonPatch(maxSteps === undefined ? {} : { maxSteps }).between({
      base: undefined,
      remote,
      merged,
      asked: [],
      fresh: {},
    });

  it.each<readonly [what: string, make: (whose: string) => unknown]>([
    ['a list within lists', (whose) => listIn(100, whose)],
    ['members', (whose) => Object.fromEntries(range(4000, (id) => [`name ${String(id)}`, whose]))],
    ['items', (whose) => range(20_000, () => whose)],
    ['lists of different lengths', (whose) => range(whose === 'local' ? 20_000 : 0, () => ({}))],
  ])('is one operation past maxSteps, and no more is looked at: %s', (_, make) => {
    const [remote, merged] = [make('remote'), make('local')];
    const whole = { kind: 'patched', value: [{ op: 'replace', path: '', value: merged }] };
    expect(told(remote, merged, 5000)).toEqual(whole);
    expect(told(remote, merged)).not.toEqual(whole);
    const reads = readsOf([remote, merged], ([one, two]) => told(one, two, 5000));
    expect(reads).toBeLessThan(30_000);
  });
});

describe('what a merge patch costs', () => {
  const patchOf = (size: number, maxSteps?: number): unknown => {
    const { base, local, remote } = sidesOf((whose) =>
      Object.fromEntries(range(size, (id) => [`name ${String(id)}`, whose])),
    );
    const { between } = mergePatch(maxSteps === undefined ? {} : { maxSteps });
    return between({ base, remote, merged: local, asked: local, fresh: {} });
  };

  it('is refused past maxSteps, and says so', () => {
    expect(patchOf(900)).toMatchObject({ kind: 'patched' });
    expect(patchOf(900, 2000)).toMatchObject({
      kind: 'patch-error',
      at: 'a document that takes more than maxSteps',
    });
  });
});
