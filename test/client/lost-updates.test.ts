import { field, giveUp, isRecoveryError, threeWay, type ClientOptions, type UpdateOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { clientOf, gate, type Note } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { questionIn } from '../support/question.ts';
import { rejectionOf, reportOf } from '../support/write.ts';

const base: Note = { title: 'Trip', tags: ['a'] };
const stamped = { defaults: { writeId: field('/lastWrite') } };

/** A handle whose server loses an answer to an update. */
function losing(when: 'before' | 'after', more: ClientOptions<object> = {}) {
  const origin = new Origin(base).lose('PUT', when);
  const clock = new VirtualClock();
  const { note } = clientOf(origin, { clock, ...more });
  /** Adds a tag. To do so twice would add it twice. */
  const add = (tag: string, options?: UpdateOptions) =>
    note.update((draft) => void draft.tags.push(tag), options);
  /** Has a tag in the list. To say so twice changes nothing. */
  const have = (tag: string, options?: UpdateOptions) =>
    note.update(
      (draft) => {
        if (!draft.tags.includes(tag)) draft.tags.push(tag);
      },
      { repeatable: true, ...options },
    );
  /** Somebody else writes before it is looked for. */
  const meanwhile = (change: (note: Note) => Note): void =>
    void origin
      .once('GET', () => undefined)
      .once('GET', () => {
        origin.change(change(origin.value as Note));
        return undefined;
      });
  return { origin, clock, note, add, have, meanwhile };
}

const renamed = (note: Note): Note => ({ ...note, title: 'Theirs' });
const tagsOf = ({ value }: Origin): readonly string[] => (value as Note).tags;

describe('an update whose first read breaks off', () => {
  it('says that it could not be read, and nothing is written', async () => {
    const torn = new ReadableStream({
      pull: (controller) => controller.error(new TypeError('terminated')),
    });
    const headers = { etag: '"v1"', 'content-type': 'application/json' };
    const origin = new Origin(base).once('GET', () => new Response(torn, { headers }));
    const error = await rejectionOf(clientOf(origin).note.update(() => ({ title: 'b', tags: [] })));
    expect(isRecoveryError(error) && error.code).toBe('read-error');
    expect(origin.log).toEqual(['GET 200 "v1"']);
  });
});

describe('an update whose answer is lost', () => {
  it('is made again where nothing has changed, and is made once', async () => {
    const { origin, clock, add } = losing('before');
    const result = await clock.run(add('b'));
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT lost "v1"', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(result).toMatchObject({ outcome: 'applied', value: { tags: ['a', 'b'] }, version: '"v2"' });
    expect(tagsOf(origin)).toEqual(['a', 'b']);
  });

  it('is never made twice: what was made of it is left to a person, even where it looks as if', async () => {
    for (const change of [renamed, (note: Note) => note]) {
      const { origin, clock, add, meanwhile } = losing('after');
      meanwhile(change);
      const error = await rejectionOf(clock.run(add('b')));
      expect(isRecoveryError(error) && error.code).toBe('outcome-unknown');
      expect(error).toMatchObject({
        question: { base, local: { tags: ['a', 'b'] }, remote: { tags: ['a', 'b'] } },
      });
      expect(reportOf(error)).toMatchObject({ maybeApplied: true });
      expect(tagsOf(origin)).toEqual(['a', 'b']);
    }
  });

  it('goes on from what a person decides', async () => {
    const { origin, clock, add, meanwhile } = losing('after');
    meanwhile(renamed);
    const error = await rejectionOf(clock.run(add('b')));
    if (!isRecoveryError(error)) throw error;
    const result = await clock.run(questionIn(error).resume({ title: 'Both', tags: ['a', 'b'] }));
    expect(result).toMatchObject({ outcome: 'applied', value: { title: 'Both' } });
    expect(origin.log.at(-1)).toBe('PUT 204 "v3"');
  });

  it('goes on from what a person decides as that says, whoever has written since, by no recipe', async () => {
    const { origin, clock, add, meanwhile } = losing('after', { defaults: { merge: threeWay() } });
    meanwhile(renamed);
    const error = await rejectionOf(clock.run(add('b')));
    if (!isRecoveryError(error)) throw error;
    origin.overtake({ title: 'Theirs', tags: ['a', 'b'], since: true });
    const result = await clock.run(questionIn(error).resume({ title: 'Person', tags: ['a', 'b'] }));
    expect(result).toMatchObject({ outcome: 'merged' });
    expect(origin.value).toEqual({ title: 'Person', tags: ['a', 'b'], since: true });
  });

  it.each([
    ['fails', 'fail'],
    ['gives up', () => giveUp('Ask')],
  ] as const)(
    'refuses what a person decides where the route can’t merge it, and asks again: %s',
    async (_, edited) => {
      const { origin, clock, add, meanwhile } = losing('after', {
        defaults: { merge: () => giveUp('Ask'), onConflict: { edited } },
      });
      meanwhile(renamed);
      const error = await rejectionOf(clock.run(add('b')));
      if (!isRecoveryError(error)) throw error;
      const others = { title: 'Theirs', tags: ['since'] };
      origin.overtake(others);
      const refused = await rejectionOf(clock.run(questionIn(error).resume({ title: 'Person', tags: [] })));
      const local = { title: 'Person', tags: [] };
      expect(refused).toMatchObject({ code: 'merge-conflict', question: { local, remote: others } });
      expect(origin.value).toEqual(others);
    },
  );

  it('has a person’s answer end by the time of a new write', async () => {
    const { origin, clock, add, meanwhile } = losing('after', { timeout: false });
    meanwhile(renamed);
    const error = await rejectionOf(clock.run(add('b')));
    if (!isRecoveryError(error)) throw error;
    origin.once('PUT', () => new Promise<never>(() => undefined));
    const begun = clock.now();
    expect(
      await rejectionOf(clock.run(questionIn(error).resume({ title: 'Person', tags: [] }))),
    ).toMatchObject({
      code: 'timeout',
    });
    expect(clock.now() - begun).toBe(30_000);
  });

  it('is answered by a person while another update is under way, and both are what they say', async () => {
    const { origin, clock, add, meanwhile } = losing('after', { defaults: { merge: threeWay() } });
    meanwhile(renamed);
    const error = await rejectionOf(clock.run(add('b')));
    if (!isRecoveryError(error)) throw error;
    const held = gate();
    origin.once('PUT', () => held.opened.then(() => undefined));
    const other = add('c');
    await clock.idle();
    const person = await clock.run(questionIn(error).resume({ title: 'Person', tags: ['a', 'b'] }));
    held.open();
    await clock.run(other);
    expect(person).toMatchObject({ outcome: 'applied', value: { title: 'Person' } });
    expect(origin.value).toEqual({ title: 'Person', tags: ['a', 'b', 'c'] });
  });

  it('is applied again if it says that this does no harm, where nobody takes anything back', async () => {
    for (const when of ['before', 'after'] as const) {
      const { origin, clock, have, meanwhile } = losing(when, { defaults: { server: { reverts: false } } });
      meanwhile(renamed);
      const result = await clock.run(have('b'));
      expect(result.outcome).toBe(when === 'before' ? 'merged' : 'already-applied');
      expect(origin.value).toEqual({ title: 'Theirs', tags: ['a', 'b'] });
    }
  });

  it('is known by its id where its route stamps it, and needs to say nothing', async () => {
    const made = losing('after', stamped);
    const result = await made.clock.run(made.add('b'));
    expect(result).toMatchObject({
      outcome: 'already-applied',
      version: '"v2"',
      value: { tags: ['a', 'b'] },
    });
    expect(made.origin.log).toEqual(['GET 200 "v1"', 'PUT 204, lost "v1"', 'GET 200 "v2"']);

    const lost = losing('after', stamped);
    lost.meanwhile((note) => ({ ...renamed(note), lastWrite: 'theirs' }));
    expect(await rejectionOf(lost.clock.run(lost.add('b')))).toMatchObject({ code: 'outcome-unknown' });
    expect(tagsOf(lost.origin)).toEqual(['a', 'b']);
  });

  it('serves the next one by what it left', async () => {
    const { origin, clock, add } = losing('after', stamped);
    await clock.run(add('b'));
    await clock.run(add('c'));
    expect(origin.log.slice(3)).toEqual(['PUT 204 "v2"']);
    expect(tagsOf(origin)).toEqual(['a', 'b', 'c']);
  });
});

describe('updates that travel together, and whose answer is lost', () => {
  it('are applied again only if none of them does harm', async () => {
    const { origin, clock, have, meanwhile } = losing('after');
    meanwhile(renamed);
    const both = await clock.run(Promise.all([have('b'), have('c')]));
    expect(both.map(({ outcome }) => outcome)).toEqual(['already-applied', 'already-applied']);
    expect(origin.value).toEqual({ title: 'Theirs', tags: ['a', 'b', 'c'] });
  });

  it('are all left in doubt if one of them may', async () => {
    const { origin, clock, add, have, meanwhile } = losing('after');
    meanwhile(renamed);
    const both = await clock.run(Promise.allSettled([have('b'), add('c')]));
    for (const outcome of both)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'outcome-unknown' } });
    expect(tagsOf(origin)).toEqual(['a', 'b', 'c']);
  });

  it('share one id', async () => {
    const { origin, clock, add } = losing('after', stamped);
    const both = await clock.run(Promise.all([add('b'), add('c')]));
    expect(both.map(({ outcome }) => outcome)).toEqual(['already-applied', 'already-applied']);
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204, lost "v1"', 'GET 200 "v2"']);
    expect(origin.value).toEqual({ title: 'Trip', tags: ['a', 'b', 'c'], lastWrite: 'id-1' });
  });

  it('are not taken apart, and made anew, where a refusal follows a lost answer', async () => {
    const { origin, clock, add } = losing('after');
    // A replica that lags, and then a server that finds fault with what it is sent again.
    origin
      .once('GET', () => undefined)
      .once('GET', () => Response.json(base, { headers: { etag: '"v1"' } }))
      .once('PUT', () => new Response('', { status: 422 }));
    const both = await clock.run(Promise.allSettled([add('b'), add('c')]));
    for (const outcome of both) expect(outcome).toMatchObject({ status: 'rejected' });
    expect(origin.log).toHaveLength(4);
    expect(tagsOf(origin)).toEqual(['a', 'b', 'c']);
  });

  it('tell a caller who leaves meanwhile that it may have been made', async () => {
    const { origin, clock, add } = losing('after', stamped);
    const controller = new AbortController();
    origin.once('GET', () => undefined).once('GET', () => (controller.abort(new Error('left')), undefined));
    const [left, stays] = await clock.run(
      Promise.allSettled([add('b', { signal: controller.signal }), add('c')]),
    );
    expect(left).toMatchObject({ status: 'rejected', reason: { message: 'left' } });
    expect(left.status === 'rejected' && reportOf(left.reason)).toMatchObject({ maybeApplied: true });
    expect(stays).toMatchObject({ value: { outcome: 'already-applied' } });
    expect(clock.timers).toBe(0);
  });
});
