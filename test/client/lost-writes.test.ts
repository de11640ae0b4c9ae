import { isRecoveryError, type ClientOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { clientOf, type Note } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { questionIn } from '../support/question.ts';
import { rejectionOf } from '../support/write.ts';

const base: Note = { title: 'Trip', tags: [] };
const done: Note = { title: 'Journey', tags: [] };

/** A handle of a client, on a server that is about to lose an answer. */
function handle(stored: Note | undefined, more: ClientOptions<object> = {}) {
  const origin = new Origin(stored);
  const clock = new VirtualClock();
  return { origin, clock, ...clientOf(origin, { clock, ...more }) };
}

describe('a handle’s write whose answer is lost', () => {
  it.each(['before', 'after'] as const)(
    '%s a replace was made gives what was written, and its version',
    async (when) => {
      const { origin, clock, note } = handle(base);
      const seen = await note.read();
      origin.lose('PUT', when);
      const result = await clock.run(note.replace(done, { base: seen }));
      expect(result).toMatchObject({
        value: done,
        version: '"v2"',
        attempts: [{}, {}].slice(when === 'after' ? 1 : 0),
      });
      expect(result.outcome).toBe(when === 'after' ? 'already-applied' : 'applied');
      // It is known as the base of the next one.
      await note.replace({ ...done, tags: ['a'] }, { base: result });
      expect(origin.log.at(-1)).toBe('PUT 204 "v2"');
    },
  );

  it.each(['before', 'after'] as const)('%s a patch was made gives the whole state', async (when) => {
    const { origin, clock, note } = handle(base);
    const seen = await note.read();
    origin.lose('PATCH', when);
    const result = await clock.run(note.patch({ title: 'Journey' }, { base: seen }));
    // The answer to a PATCH may name the version of anything (RFC 9110 §8.7).
    expect(result).toMatchObject({ value: done, version: when === 'after' ? '"v2"' : undefined });
    expect(origin.value).toEqual(done);
  });

  it('before it was created gives what was created', async () => {
    const { origin, clock, note } = handle(undefined);
    origin.lose('PUT', 'before');
    const result = await clock.run(note.create(done));
    expect(result).toMatchObject({ value: done, version: '"v1"' });
    expect(origin.log.filter((line) => line.startsWith('PUT 201'))).toHaveLength(1);
  });

  it('after it was created is unknown, as another may have created the same', async () => {
    const { origin, clock, note } = handle(undefined);
    origin.lose('PUT', 'after');
    const error = await rejectionOf(clock.run(note.create(done)));
    expect(error).toMatchObject({ code: 'outcome-unknown' });
    expect(origin.value).toEqual(done);
  });

  it.each(['before', 'after'] as const)('%s it was removed has it removed', async (when) => {
    const { origin, clock, note } = handle(base);
    const seen = await note.read();
    origin.lose('DELETE', when);
    const result = await clock.run(note.delete({ base: seen }));
    expect(result).toMatchObject({
      outcome: when === 'after' ? 'already-applied' : 'applied',
      value: undefined,
    });
    expect(origin.value).toBeUndefined();
  });

  it('is in doubt where nothing tells, and goes on as a person decides', async () => {
    const { origin, clock, note } = handle(base, { defaults: { merge: ({ local }) => local } });
    const seen = await note.read();
    origin.lose('PUT', 'after', 503).once('GET', () => {
      origin.change({ title: 'Theirs', tags: [] });
      return undefined;
    });
    const error = await rejectionOf(clock.run(note.replace(done, { base: seen })));
    if (!isRecoveryError(error)) throw error;
    expect(error).toMatchObject({
      code: 'outcome-unknown',
      question: { base, local: done, remote: { title: 'Theirs' } },
    });
    expect(error.response?.status).toBe(503);
    const result = await clock.run(questionIn(error).resume({ title: 'Both', tags: [] }));
    expect(result).toMatchObject({ outcome: 'applied', value: { title: 'Both' }, version: '"v4"' });
  });
});
