import { recoveryOf, type ClientOptions, type Recovery, type RecoveryEvent } from 'remerge';
import { describe, expect, it } from 'vitest';
import { clientOf, gate, type Note } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { given } from '../support/question.ts';
import { rejectionOf, reportOf } from '../support/write.ts';

const tag = (name: string) => (note: Note) => void note.tags.push(name);
const nothing = () => undefined;
const wordOf = (recovery: Recovery): string =>
  recovery.outcome === 'failed' ? recovery.code : recovery.outcome;

/** A client that is listened to. */
function heard(origin: Origin, more: ClientOptions<object> = {}) {
  const events: RecoveryEvent[] = [];
  const clock = new VirtualClock();
  const client = clientOf(origin, { clock, onEvent: (event) => events.push(event), ...more });
  const ends = () => events.flatMap((event) => (event.kind === 'end' ? [event.recovery] : []));
  return { ...client, clock, events, ends, words: () => ends().map(wordOf) };
}

describe('an update', () => {
  it.each<[string, string, (origin: Origin) => unknown, ((note: Note) => unknown)?]>([
    ['is made', 'applied', nothing],
    ['is merged', 'merged', (origin) => origin.overtake({ title: 'b', tags: [] })],
    ['has nothing to do', 'unchanged', nothing, nothing],
    ['finds nothing', 'gone', (origin) => origin.remove()],
    ['may not read', 'unauthorized', (origin) => origin.once('GET', () => new Response('', { status: 403 }))],
    ['is refused', 'not-a-conflict', (origin) => origin.once('PUT', () => new Response('', { status: 422 }))],
    ['makes what the schema refuses', 'merged-invalid', nothing, () => ({ tags: [] })],
    [
      'throws',
      'merge-error',
      nothing,
      () => {
        throw new Error('sold out');
      },
    ],
    ['returns no document', 'merge-error', nothing, () => true],
  ])('that %s ends in one event: %s', async (_, word, prepare, recipe = tag('x')) => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { note, clock, words, ends } = heard(origin);
    prepare(origin);
    await clock.run(note.update(recipe as never)).catch(() => undefined);
    expect(words()).toEqual([word]);
    expect(ends()[0]).toMatchObject({ method: 'PUT', url: 'https://api.test/notes/42' });
  });

  it('that is aborted, before, while it waits, or while it is sent, ends in one event', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { note, words, ends } = heard(origin);
    await rejectionOf(note.update(tag('1'), { signal: AbortSignal.abort(new Error('early')) }));
    expect(words()).toEqual(['abort']);
    const [waiting, sent] = [new AbortController(), new AbortController()];
    origin.once('PUT', () => {
      waiting.abort(new Error('waiting'));
      sent.abort(new Error('sent'));
      return undefined;
    });
    const one = rejectionOf(note.update(tag('2'), { signal: sent.signal }));
    const two = rejectionOf(note.update(tag('3'), { signal: waiting.signal, together: false }));
    await Promise.all([one, two]);
    await note.update(nothing);
    expect(words()).toEqual(['abort', 'abort', 'abort', 'unchanged']);
    expect(ends().map((end) => end.outcome === 'failed' && end.maybeApplied)).toEqual([
      ...[false, false, true],
      false,
    ]);
  });

  it('whose headers can’t be made, or whose hook throws, ends in one event, and nothing was sent', async () => {
    const own = new Error('signed out');
    for (const more of [
      { headers: () => Promise.reject(own) },
      {
        hooks: {
          beforeRequest: [
            ({ request }: { request: Request }) => {
              if (request.method === 'PUT') throw own;
            },
          ],
        },
      },
    ]) {
      const origin = new Origin({ title: 'a', tags: [] });
      const { note, ends } = heard(origin, more);
      expect(await rejectionOf(note.update(tag('1')))).toBe(own);
      expect(ends()).toMatchObject([{ code: 'network-error', maybeApplied: false, attempts: [] }]);
      expect(origin.log.filter((line) => line.startsWith('PUT'))).toEqual([]);
    }
  });

  it('whose hook throws at the answer is told of as it ended', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const own = new Error('no such page');
    const afterResponse = ({ response }: { response: Response }) => {
      if (response.status === 204) throw own;
    };
    const { note, ends } = heard(origin, { hooks: { afterResponse: [afterResponse] } });
    expect(await rejectionOf(note.update(tag('1')))).toBe(own);
    expect(ends()).toMatchObject([{ outcome: 'applied', attempts: [{ status: 204 }] }]);
  });
});

describe('updates that travel together', () => {
  it('end in one event each, with what became of each', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { note, events, words, ends } = heard(origin);
    await Promise.allSettled([
      note.update(tag('1')),
      note.update(() => {
        throw new Error('sold out');
      }),
      note.update(nothing),
      note.update(tag('2')),
    ]);
    expect(words().sort()).toEqual(['applied', 'applied', 'merge-error', 'unchanged']);
    expect(events.filter(({ kind }) => kind === 'write')).toHaveLength(1);
    expect(ends().filter(({ outcome }) => outcome === 'applied')).toMatchObject([
      { attempts: [{ status: 204, version: '"v1"' }] },
      { attempts: [{ status: 204, version: '"v1"' }] },
    ]);
  });

  it('end in one event each where their write fails, or is taken apart', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { note, words } = heard(origin);
    origin.once('PUT', () => new Response('', { status: 403 }));
    await Promise.allSettled([note.update(tag('1')), note.update(tag('2'))]);
    expect(words()).toEqual(['not-a-conflict', 'not-a-conflict']);
    origin.once('PUT', () => new Response('', { status: 422 }));
    await Promise.allSettled([note.update(tag('1')), note.update(tag('2'))]);
    expect(words().slice(2)).toEqual(['applied', 'applied']);
  });

  it('give a listener a report of its own', async () => {
    const origin = new Origin({ title: 'a', tags: [] }).once('PUT', () => new Response('', { status: 403 }));
    const { note } = heard(origin, {
      onEvent: (event) => {
        if (event.kind === 'end') Object.assign(event.recovery, { code: 'mine' });
      },
    });
    const error = await rejectionOf(note.update(tag('1')));
    expect(reportOf(error)).toMatchObject({ code: 'not-a-conflict' });
  });

  it('and are answered by a person: the answer ends in an event, too', async () => {
    const origin = new Origin({ title: 'a', tags: [] }).lose('PUT', 'after');
    origin
      .once('GET', () => undefined)
      .once('GET', () => (origin.change({ title: 'theirs', tags: [] }), undefined));
    const { note, clock, words } = heard(origin);
    const error = await rejectionOf(clock.run(note.update(tag('1'))));
    expect(words()).toEqual(['outcome-unknown']);
    await clock.run(given(note.questionOf(error)).resume({ title: 'b', tags: ['1'] }));
    expect(words()).toEqual(['outcome-unknown', 'applied']);
  });
});

describe('a signal that several writes share', () => {
  it('ends each with its reason, which tells of none of them; the events tell of each', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { note, api, ends } = heard(origin);
    const controller = new AbortController();
    const { signal } = controller;
    const [arrived, reason] = [gate(), new Error('left')];
    origin.once('PUT', () => {
      arrived.open();
      return new Promise<never>(() => undefined);
    });
    const sent = rejectionOf(note.update(tag('1'), { signal }));
    await arrived.opened;
    const waiting = rejectionOf(note.update(tag('2'), { signal }));
    const plain = rejectionOf(
      Promise.resolve(
        api.put('notes/43', { json: { title: 'b', tags: [] }, headers: { 'if-match': '"v0"' }, signal }),
      ),
    );
    controller.abort(reason);
    for (const error of await Promise.all([sent, waiting, plain])) expect(error).toBe(reason);
    expect(recoveryOf(reason)).toBeUndefined();
    expect(ends().filter(({ url }) => url.endsWith('42'))).toMatchObject([
      { code: 'abort', maybeApplied: true },
      { code: 'abort', maybeApplied: false },
    ]);
  });

  it('of several writes, one after another, tells of the last, as of the others it has told before', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { note } = heard(origin);
    const reason = new Error('left');
    for (const maybeApplied of [true, false, true]) {
      const controller = new AbortController();
      origin.once(maybeApplied ? 'PUT' : 'GET', () => {
        controller.abort(reason);
        return undefined;
      });
      expect(await rejectionOf(note.update(tag('1'), { signal: controller.signal }))).toBe(reason);
      expect(reportOf(reason)).toMatchObject({ code: 'abort', maybeApplied });
    }
  });

  it('and that is aborted already tells of none', async () => {
    const { note, api } = heard(new Origin({ title: 'a', tags: [] }));
    const other = api.resource('notes/:id', { id: '43' });
    const signal = AbortSignal.abort(new Error('left'));
    const all = [note, other].map(({ update }) => rejectionOf(update(tag('1'), { signal })));
    await Promise.all(all);
    expect(recoveryOf(signal.reason)).toBeUndefined();
  });

  it('of one write alone tells of that', async () => {
    const { note } = heard(new Origin({ title: 'a', tags: [] }));
    const reason = new Error('left');
    await rejectionOf(note.update(tag('1'), { signal: AbortSignal.abort(reason) }));
    expect(reportOf(reason)).toMatchObject({ code: 'abort', maybeApplied: false });
  });
});
