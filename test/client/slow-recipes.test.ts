import { describe, expect, it } from 'vitest';
import { clientOf, gate, type Note } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf, reportOf } from '../support/write.ts';

const tag = (name: string) => (note: Note) => void note.tags.push(name);
const never = () => new Promise<never>(() => undefined);

/** A client in virtual time, and a recipe that takes some of it. */
function scene(more = {}) {
  const origin = new Origin({ title: 'a', tags: [] });
  const clock = new VirtualClock();
  const { api, note } = clientOf(origin, { clock, ...more });
  const begun = clock.now();
  const passed = (): number => clock.now() - begun;
  const wait = (time: number) => new Promise<void>((resolve) => clock.after(time, resolve));
  let calls = 0;
  const slow = (name: string, time: number) => async (draft: Note) => {
    calls += 1;
    await wait(time);
    draft.tags.push(name);
  };
  return { origin, clock, api, note, passed, wait, slow, calls: () => calls };
}

const tagsOf = (origin: Origin): string[] => (origin.value as Note).tags;

describe('a recipe that never ends', () => {
  it('takes nobody with it: the others are written without it, and it ends by its own time', async () => {
    const { origin, clock, note, passed } = scene({ totalTimeout: 2_000 });
    const [one, hanging, two] = [note.update(tag('1')), note.update(never), note.update(tag('2'))];
    await clock.run(Promise.all([one, two]));
    expect(passed()).toBe(500);
    expect(tagsOf(origin)).toEqual(['1', '2']);
    const error = await rejectionOf(clock.run(hanging));
    expect(reportOf(error)).toMatchObject({ code: 'timeout', maybeApplied: false });
    expect(passed()).toBe(2_000);
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
    expect(clock.timers).toBe(0);
  });

  it('takes nobody with it where there are ten of them', async () => {
    const { origin, clock, note, passed } = scene({ totalTimeout: 2_000 });
    const hanging = Array.from({ length: 10 }, () => rejectionOf(note.update(never)));
    await clock.run(note.update(tag('1')));
    expect(passed()).toBe(500);
    expect(tagsOf(origin)).toEqual(['1']);
    for (const error of await clock.run(Promise.all(hanging)))
      expect(error).toMatchObject({ code: 'timeout' });
  });

  it('holds up one who comes later for a second, once', async () => {
    const { origin, clock, note, passed, wait } = scene();
    const hanging = rejectionOf(note.update(never));
    await clock.run(wait(3_000));
    await clock.run(note.update(tag('1')));
    expect(passed()).toBe(4_000);
    await clock.run(note.update(tag('2')));
    expect(passed()).toBe(4_000);
    expect(tagsOf(origin)).toEqual(['1', '2']);
    expect(await clock.run(hanging)).toMatchObject({ code: 'timeout' });
  });

  it('on the newer state of a conflict takes nobody with it either', async () => {
    const { origin, clock, note } = scene();
    origin.overtake({ title: 'b', tags: ['theirs'] });
    const once = (draft: Note) => (draft.title === 'a' ? tag('2')(draft) : never());
    const [one, hanging] = [note.update(tag('1')), rejectionOf(note.update(once))];
    expect(await clock.run(one)).toMatchObject({ outcome: 'merged' });
    expect(tagsOf(origin)).toEqual(['theirs', '1']);
    expect(reportOf(await clock.run(hanging))).toMatchObject({ code: 'timeout', maybeApplied: false });
  });
});

describe('a recipe that takes its time', () => {
  it('may take all of it where nobody waits', async () => {
    const { origin, clock, note, slow, calls } = scene();
    await clock.run(note.update(slow('1', 20_000)));
    expect(tagsOf(origin)).toEqual(['1']);
    expect(calls()).toBe(1);
  });

  it('travels with the others where that is less than a second', async () => {
    const { origin, clock, note, slow, calls } = scene();
    await clock.run(Promise.all([note.update(tag('1')), note.update(slow('2', 900))]));
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
    expect(calls()).toBe(1);
  });

  it('comes again when it is done, and is waited for then', async () => {
    const { origin, clock, note, passed, slow, calls } = scene();
    const [one, two] = [note.update(slow('slow', 1_500)), note.update(tag('2'))];
    await clock.run(two);
    expect(passed()).toBe(1_000);
    // Somebody comes at every moment.
    const coming = [note.update(tag('3'))];
    for (let turn = 0; turn < 20; turn += 1) {
      await clock.pass(100);
      coming.push(note.update(tag('later')));
    }
    await clock.run(Promise.all([one, ...coming]));
    expect(calls()).toBe(2);
    expect(tagsOf(origin).filter((name) => name === 'slow')).toHaveLength(1);
    expect(tagsOf(origin)).toHaveLength(23);
  });

  it('is one of many: what they have made within a second goes out, and the rest follows', async () => {
    const { origin, clock, note, slow, calls } = scene();
    const names = Array.from({ length: 50 }, (_, index) => String(index));
    await clock.run(Promise.all(names.map((name) => note.update(slow(name, 100)))));
    expect(tagsOf(origin).sort()).toEqual(names.sort());
    expect(origin.log.filter((line) => line.startsWith('PUT 204'))).toHaveLength(7);
    // One in each of five rounds was cut off.
    expect(calls()).toBe(55);
  });
});

describe('one who leaves while recipes run', () => {
  /** Three updates; one leaves while the recipe of the last one runs. */
  async function leaving(origin: Origin, which: number, more = {}) {
    const { note } = clientOf(origin, more);
    const controller = new AbortController();
    const [begun, go] = [gate(), gate()];
    const last = async (draft: Note) => {
      begun.open();
      await go.opened;
      draft.tags.push('c');
    };
    const calls = [tag('a'), tag('b'), last].map((recipe, index) =>
      note.update(recipe, index === which ? { signal: controller.signal } : {}),
    );
    const settled = Promise.allSettled(calls);
    await begun.opened;
    controller.abort(new Error('left'));
    go.open();
    return settled;
  }

  it.each([
    [0, ['b', 'c']],
    [1, ['a', 'c']],
    [2, ['a', 'b']],
  ])('as number %i is told that it was not made, and it is not', async (which, tags) => {
    const origin = new Origin({ title: 'a', tags: [] });
    const settled = await leaving(origin, which);
    const left = settled[which] as PromiseRejectedResult;
    expect(reportOf(left.reason)).toMatchObject({ code: 'abort', maybeApplied: false });
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(tagsOf(origin)).toEqual(tags);
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
  });

  it('and has failed another one by what it had changed leaves that one unharmed', async () => {
    const origin = new Origin({ title: 'a', tags: ['last'] });
    const { note } = clientOf(origin);
    const take = (draft: Note): void => {
      if (draft.tags.length === 0) throw new Error('sold out');
      draft.tags.pop();
    };
    const controller = new AbortController();
    const [begun, go] = [gate(), gate()];
    const one = note.update(take, { signal: controller.signal });
    const two = note.update(take);
    const three = note.update(async (draft) => {
      begun.open();
      await go.opened;
      draft.title = 'b';
    });
    await begun.opened;
    controller.abort();
    await rejectionOf(one);
    go.open();
    expect((await two).outcome).toBe('applied');
    expect((await three).outcome).toBe('applied');
    expect(origin.value).toEqual({ title: 'b', tags: [] });
  });

  it('on the newer state of a conflict is told so, too, as the first write was refused', async () => {
    const origin = new Origin({ title: 'a', tags: [] }).overtake({ title: 'b', tags: ['theirs'] });
    const { note } = clientOf(origin);
    const controller = new AbortController();
    const leaving = rejectionOf(note.update(tag('1'), { signal: controller.signal }));
    const staying = note.update(async (draft) => {
      if (draft.title === 'b') controller.abort(new Error('left'));
      await Promise.resolve();
      draft.tags.push('2');
    });
    expect(reportOf(await leaving)).toMatchObject({ code: 'abort', maybeApplied: false });
    await staying;
    expect(tagsOf(origin)).toEqual(['theirs', '2']);
  });

  it('after a send that may have been made is told that', async () => {
    const origin = new Origin({ title: 'a', tags: [] }).lose('PUT', 'after');
    const clock = new VirtualClock();
    const { note } = clientOf(origin, { clock });
    const controller = new AbortController();
    const repeatable = { repeatable: true };
    const have = (name: string) => (draft: Note) => {
      if (!draft.tags.includes(name)) draft.tags.push(name);
    };
    origin
      .once('GET', () => undefined)
      .once('GET', () => (origin.change({ title: 'b', tags: ['1', '2'] }), undefined));
    const left = rejectionOf(note.update(have('1'), { ...repeatable, signal: controller.signal }));
    const stays = note.update(async (draft) => {
      if (draft.title === 'b') controller.abort(new Error('left'));
      await Promise.resolve();
      have('2')(draft);
    }, repeatable);
    expect((await clock.run(stays)).outcome).toBe('already-applied');
    expect(reportOf(await left)).toMatchObject({ code: 'abort', maybeApplied: true });
  });
});

describe('a recipe that updates its own resource', () => {
  it('fails at once, and nothing is written', async () => {
    const { origin, clock, note } = scene();
    const outer = note.update(async (draft) => {
      draft.title = 'outer';
      await note.update(tag('inner'));
    });
    expect(String(await rejectionOf(outer))).toMatch(/TypeError: A recipe must not update its own resource/);
    await note.update(tag('next'));
    expect(origin.value).toEqual({ title: 'a', tags: ['next'] });
    expect(clock.timers).toBe(0);
  });

  it('fails, too, by another handle, or where headers are made by a function', async () => {
    const { origin, api, note } = scene({ headers: async () => Promise.resolve({ authorization: 'me' }) });
    const other = api.resource('notes/:id', { id: '42' });
    const outer = note.update(async () => {
      await other.update(tag('inner'));
    });
    expect(await rejectionOf(outer)).toBeInstanceOf(TypeError);
    await note.update(tag('next'));
    expect(tagsOf(origin)).toEqual(['next']);
  });

  it('fails within a second where it has waited for something else before', async () => {
    const { origin, clock, note, passed, wait } = scene();
    const outer = note.update(async (draft) => {
      await wait(10);
      draft.title = 'outer';
      await note.update(tag('inner'));
    });
    expect(String(await rejectionOf(clock.run(outer)))).toMatch(/must not update its own resource/);
    expect(passed()).toBeLessThan(1_100);
    await clock.run(note.update(tag('next')));
    expect(origin.value).toEqual({ title: 'a', tags: ['inner', 'next'] });
  });

  it('fails after three times where it goes on waiting for something else afterwards', async () => {
    const { origin, clock, note, passed, wait } = scene();
    let inner = 0;
    const outer = note.update(async (draft) => {
      await wait(10);
      await note.update(tag(`inner ${String((inner += 1))}`));
      await wait(10);
      draft.title = 'outer';
    });
    expect(String(await rejectionOf(clock.run(outer)))).toMatch(/must not update its own resource/);
    expect(passed()).toBeLessThan(10_000);
    expect(origin.value).toEqual({ title: 'a', tags: ['inner 1', 'inner 2', 'inner 3'] });
  });

  it('is told from one that updates another resource, and from an update that just comes meanwhile', async () => {
    const { origin, clock, api, note, wait } = scene();
    const other = api.resource('notes/:id', { id: '43' });
    const outer = note.update(async (draft) => {
      await wait(1_200);
      draft.title = (await other.read()).value.title;
      await other.update(() => undefined);
      draft.tags.push('outer');
    });
    await clock.pass(100);
    const meanwhile = note.update(tag('meanwhile'));
    await clock.run(Promise.all([outer, meanwhile]));
    expect(tagsOf(origin)).toEqual(['meanwhile', 'outer']);
  });
});
