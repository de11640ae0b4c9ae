import {
  counter,
  keepLocal,
  keepRemote,
  list,
  max,
  min,
  recoveryOf,
  sequence,
  set,
  text,
  threeWay,
  withConflictRecovery,
  type Merge,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { atOnce, put, type Note } from './note.ts';
import { openScene } from './scene.ts';

interface Case {
  readonly strategy: string;
  readonly merge: Merge;
  readonly base: Note;
  readonly local: Note;
  readonly remote: Note;
  readonly merged: Note;
}

const plan: Note = { title: 'Plan' };

const cases: readonly Case[] = [
  {
    strategy: 'threeWay: both edits of different members',
    merge: threeWay(),
    base: { ...plan, body: 'Milk' },
    local: { title: 'Food', body: 'Milk' },
    remote: { ...plan, body: 'Milk, eggs' },
    merged: { title: 'Food', body: 'Milk, eggs' },
  },
  {
    strategy: 'set: tags that both sides added, but for one that was taken away',
    merge: threeWay({ '/tags': set() }),
    base: { ...plan, tags: ['a', 'b'] },
    local: { ...plan, tags: ['b', 'ours'] },
    remote: { ...plan, tags: ['a', 'b', 'theirs'] },
    merged: { ...plan, tags: ['b', 'theirs', 'ours'] },
  },
  {
    strategy: 'list: two edits of one task',
    merge: threeWay({ '/tasks': list({ key: 'id' }) }),
    base: { ...plan, tasks: [{ id: '1', text: 'Call' }] },
    local: { ...plan, tasks: [{ id: '1', text: 'Call', done: true }] },
    remote: { ...plan, tasks: [{ id: '1', text: 'Call now' }] },
    merged: { ...plan, tasks: [{ id: '1', text: 'Call now', done: true }] },
  },
  {
    strategy: 'text: edits of different lines',
    merge: threeWay({ '/body': text() }),
    base: { ...plan, body: 'One\nTwo\nThree\n' },
    local: { ...plan, body: 'One\nTwo\nThree!\n' },
    remote: { ...plan, body: 'One!\nTwo\nThree\n' },
    merged: { ...plan, body: 'One!\nTwo\nThree!\n' },
  },
  {
    strategy: 'sequence: steps that were put in at different places',
    merge: threeWay({ '/steps': sequence() }),
    base: { ...plan, steps: ['b', 'd'] },
    local: { ...plan, steps: ['b', 'c', 'd'] },
    remote: { ...plan, steps: ['a', 'b', 'd'] },
    merged: { ...plan, steps: ['a', 'b', 'c', 'd'] },
  },
  {
    strategy: 'counter: the sum of both changes',
    merge: threeWay({ '/visits': counter() }),
    base: { ...plan, visits: 10 },
    local: { ...plan, visits: 11 },
    remote: { ...plan, visits: 15 },
    merged: { ...plan, visits: 16 },
  },
  {
    strategy: 'max: the larger of two numbers',
    merge: threeWay({ '/visits': max() }),
    base: { ...plan, visits: 1 },
    local: { ...plan, visits: 7 },
    remote: { ...plan, visits: 5 },
    merged: { ...plan, visits: 7 },
  },
  {
    strategy: 'min: the smaller of two numbers',
    merge: threeWay({ '/visits': min() }),
    base: { ...plan, visits: 9 },
    local: { ...plan, visits: 3 },
    remote: { ...plan, visits: 5 },
    merged: { ...plan, visits: 3 },
  },
  {
    strategy: 'keepLocal: the whole state of the caller',
    merge: keepLocal(),
    base: plan,
    local: { title: 'Ours' },
    remote: { title: 'Theirs', body: 'Gone' },
    merged: { title: 'Ours' },
  },
  {
    strategy: 'a function of the user’s, in its own time',
    merge: async ({ base, local, remote }) => {
      await Promise.resolve();
      return { title: [base, local, remote].map((side) => (side as Note).title).join(', ') };
    },
    base: { title: 'one' },
    local: { title: 'two' },
    remote: { title: 'three' },
    merged: { title: 'one, two, three' },
  },
];

describe('a write that meets a conflict', () => {
  it.each(cases)('keeps by $strategy', async ({ merge, base, local, remote, merged }) => {
    const scene = await openScene(base);
    const recovering = withConflictRecovery(fetch, { ...atOnce, routes: { 'notes/:id': { merge } } });
    const seen: unknown = await (await recovering(scene.url)).json();
    expect(seen).toEqual(base);
    await scene.store(remote);

    const response = await recovering(scene.url, put(local));

    expect([response.status, recoveryOf(response)?.outcome]).toEqual([204, 'merged']);
    expect(await scene.value()).toEqual(merged);
    expect(await scene.log()).toEqual(['GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('writes nothing by keepRemote, and gives the caller what is there', async () => {
    const scene = await openScene(plan);
    await scene.store({ title: 'Theirs' });
    const recovering = withConflictRecovery(fetch, { ...atOnce, defaults: { merge: keepRemote() } });

    const response = await recovering(scene.url, put({ title: 'Ours' }));

    expect([response.status, recoveryOf(response)?.outcome]).toEqual([200, 'unchanged']);
    expect(response.url).toBe(scene.url);
    expect(response.headers.get('etag')).toBe('"v2"');
    expect(await response.json()).toEqual({ title: 'Theirs' });
    expect(await scene.log()).toEqual(['PUT 412 "v1"', 'GET 200 "v2"']);
  });

  it('is refused where both sides changed one member, and names the place, and no value', async () => {
    const scene = await openScene(plan);
    await scene.store({ title: 'Theirs' });
    const recovering = withConflictRecovery(fetch, { ...atOnce, defaults: { merge: threeWay() } });

    const response = await recovering(scene.url, put({ title: 'Ours' }, '"v1"', { base: plan }));

    const report = recoveryOf(response);
    expect(response.status).toBe(412);
    expect(await response.json()).toMatchObject({ title: 'precondition failed' });
    expect(report).toMatchObject({ outcome: 'failed', code: 'merge-conflict', maybeApplied: false });
    expect(report?.outcome === 'failed' && report.question?.conflicts).toMatchObject([
      { path: '/title', base: 'Plan', local: 'Ours', remote: 'Theirs' },
    ]);
    expect(JSON.stringify(report)).not.toMatch(/Ours|Theirs/);
    expect(await scene.value()).toEqual({ title: 'Theirs' });
  });
});
