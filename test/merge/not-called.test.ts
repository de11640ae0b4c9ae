import { describe, expect, it } from 'vitest';
import { createClient, withConflictRecovery } from '../../src/index.ts';
import {
  absent,
  atomic,
  counter,
  keepLocal,
  keepRemote,
  list,
  max,
  merge,
  min,
  sequence,
  set,
  text,
  threeWay,
  type Rules,
} from '../../src/merge.ts';

const makers = { atomic, counter, keepLocal, keepRemote, list, max, min, sequence, set, text, threeWay };

describe('what makes a rule, where the rule is meant', () => {
  it.each(Object.entries(makers))('is refused when the table is made: %s', (name, maker) => {
    const rules = { '/body': maker } as unknown as Rules;
    expect(() => threeWay(rules)).toThrow(TypeError);
    expect(() => threeWay(rules)).toThrow(`'/body' has a merge that isn't called. Write ${name}().`);
    expect(() => merge<unknown>({ base: 1, local: 1, remote: 1 }, rules)).toThrow(TypeError);
  });

  it.each([[{}], [1], ['text'], [[]]])('is told from what is none at all: %j', (rule) => {
    expect(() => threeWay({ '/body': rule } as unknown as Rules)).toThrow(TypeError);
  });

  it('is refused as the merge of a route, of all routes and of one call', async () => {
    const uncalled = threeWay as never;
    const routes = { 'notes/:id': { merge: uncalled } };
    expect(() => createClient({ baseUrl: 'https://api.test/', routes })).toThrow(
      "Route 'https://api.test/notes/:id' has a merge that isn't called. Write threeWay().",
    );
    expect(() => withConflictRecovery(fetch, { routes })).toThrow(TypeError);
    expect(() =>
      withConflictRecovery(fetch, { routes: { a: {} }, defaults: { merge: keepRemote as never } }),
    ).toThrow(TypeError);
    const api = withConflictRecovery(() => Promise.reject(new Error('sent')), {
      routes: { a: { merge: threeWay() } },
    });
    const write = api('https://api.test/a', {
      method: 'PUT',
      body: '{}',
      recovery: { merge: uncalled },
    });
    await expect(write).rejects.toThrow('threeWay()');
  });

  it('is nothing else: a function by hand is a rule, called or made on the spot', () => {
    const rules: Rules = { '/a': () => absent, '/b': (_base, local) => local, '/c': undefined };
    const sides = { base: { a: 1, b: 1 }, local: { a: 2, b: 2 }, remote: { a: 3, b: 3 } };
    expect(merge<unknown>(sides, rules)).toEqual({ value: { b: 2 }, conflicts: [] });
  });
});
