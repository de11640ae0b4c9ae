import {
  defineMerge,
  counter,
  isRecoveryError,
  list,
  recoveryOf,
  threeWay,
  type MergeContext,
  type RecoveryOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { errorsPage } from '../../src/errors.ts';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

type Options = RecoveryOptions<Record<string, unknown>>;

const base = { title: 'Trip', likes: 1 };
const local = { title: 'Journey', likes: 1 };

/** A write whose answer is lost, and then somebody else writes. */
function doubtful(when: 'before' | 'after', theirs: unknown, options: Options) {
  const origin = new Origin(base).lose('PUT', when).once('GET', () => {
    origin.change(theirs);
    return undefined;
  });
  return {
    origin,
    write: (state: unknown = local) => recovering(origin, options)(url, put(state, '"v1"', { base })),
  };
}

/** A merge of one’s own, and what it was told. */
function told() {
  const seen: Partial<MergeContext>[] = [];
  const merge = ({ signal, ...context }: MergeContext): unknown => {
    expect(signal.aborted).toBe(false);
    seen.push(context);
    return { ...(context.remote as object), title: 'Journey' };
  };
  return { seen, merge };
}

describe('a write that may have been made, and somebody else has written since', () => {
  it.each(['before', 'after'] as const)('is merged again by a strategy that may, lost %s', async (when) => {
    const theirs = { title: when === 'after' ? 'Journey' : 'Trip', likes: 2 };
    const { origin, write } = doubtful(when, theirs, {
      defaults: { merge: threeWay(), server: { reverts: false } },
    });
    const made = when === 'after' ? ' 204,' : '';
    const tag = when === 'after' ? '"v3"' : '"v2"';
    const response = await write();
    const sent = when === 'after' ? [] : [`PUT 204 ${tag}`];
    expect(origin.log).toEqual([`PUT${made} lost "v1"`, `GET 200 ${tag}`, ...sent]);
    expect(reportOf(response).outcome).toBe(when === 'after' ? 'already-applied' : 'merged');
    expect(origin.value).toEqual({ title: 'Journey', likes: 2 });
  });

  it('is merged again by a function that is said to be repeatable, and is told', async () => {
    const { seen, merge } = told();
    const theirs = { title: 'Trip', likes: 2 };
    const { origin, write } = doubtful('before', theirs, {
      defaults: { merge: defineMerge(merge, { repeatable: true }), server: { reverts: false } },
    });
    expect(reportOf(await write())).toMatchObject({ outcome: 'merged', attempts: [{}, {}] });
    expect(seen).toEqual([
      {
        ...{ base, local, remote: { title: 'Trip', likes: 2 } },
        ...{ attempt: 2, reason: 'stale', maybeApplied: true },
      },
    ]);
    expect(origin.value).toEqual({ title: 'Journey', likes: 2 });
  });

  it.each<[string, Options]>([
    ['a function of one’s own', { defaults: { merge: ({ local }) => local } }],
    ['a strategy that counts', { defaults: { merge: threeWay({ '/likes': counter() }) } }],
    [
      'a strategy that is said to add up',
      { defaults: { merge: defineMerge(threeWay(), { additive: true }) } },
    ],
  ])('is left to a person by %s', async (_, options) => {
    const { origin, write } = doubtful('after', { title: 'Theirs', likes: 2 }, options);
    const error = await rejectionOf(write());
    expect(origin.log).toEqual(['PUT 204, lost "v1"', 'GET 200 "v3"']);
    expect(error).toMatchObject({
      code: 'outcome-unknown',
      question: { base, local, remote: { title: 'Theirs', likes: 2 } },
      message: `PUT ${url} failed: outcome-unknown. It may have been made. Look, or see writeId and defineMerge. ${errorsPage}#outcome-unknown`,
    });
    expect(origin.value).toEqual({ title: 'Theirs', likes: 2 });
  });

  it('goes on from what a person decides, as a write of its own', async () => {
    const { origin, write } = doubtful(
      'after',
      { title: 'Theirs', likes: 2 },
      { defaults: { merge: ({ local }) => local } },
    );
    const error = await rejectionOf(write());
    const report = recoveryOf(error);
    const question = report?.outcome === 'failed' ? report.question : undefined;
    const response = await question?.resume({ title: 'Ours', likes: 2 });
    expect(origin.log.slice(2)).toEqual(['PUT 204 "v3"']);
    expect(reportOf(response).outcome).toBe('applied');
    expect(origin.value).toEqual({ title: 'Ours', likes: 2 });
  });

  it('shows no state in a log of the report', async () => {
    const { write } = doubtful('after', { title: 'Theirs' }, { defaults: { merge: ({ local }) => local } });
    const error = await rejectionOf(write());
    expect(isRecoveryError(error) && JSON.stringify(error.recovery)).not.toMatch(/Theirs|Journey/);
  });
});

describe('a state that equals what was sent', () => {
  it('is no proof where equal changes add up', async () => {
    const merge = threeWay({ '/likes': counter() });
    const origin = new Origin(base).lose('PUT', 'before').once('GET', () => {
      origin.change({ ...base, likes: 2 });
      return undefined;
    });
    const error = await rejectionOf(
      recovering(origin, { defaults: { merge } })(url, put({ ...base, likes: 2 }, '"v1"', { base })),
    );
    expect(error).toMatchObject({ code: 'outcome-unknown' });
    expect(origin.value).toEqual({ ...base, likes: 2 });
  });

  it('is proof for a list whose items have names', async () => {
    const items = [{ id: 1 }];
    const origin = new Origin({ items }).lose('PUT', 'after');
    const merge = threeWay({ '/items': list({ key: 'id' }) });
    const state = { items: [...items, { id: 2 }] };
    const response = await recovering(origin, { defaults: { merge } })(
      url,
      put(state, '"v1"', { base: { items } }),
    );
    expect(reportOf(response).outcome).toBe('already-applied');
    expect(origin.log).toHaveLength(2);
  });

  it('is proof whatever the order of its members', async () => {
    const origin = new Origin(base).lose('PUT', 'after').once('GET', () => {
      origin.change('{"likes":1,"title":"Journey"}');
      return undefined;
    });
    const response = await recovering(origin, { defaults: { merge: ({ local }) => local } })(url, put(local));
    expect(reportOf(response).outcome).toBe('already-applied');
  });

  it('is looked for in vain where the body and the state are not of one kind', async () => {
    const origin = new Origin(base).lose('PUT', 'after').once('GET', () => {
      origin.change(base);
      return undefined;
    });
    const headers = { 'if-match': '"v1"' };
    const own = { merge: ({ local }: { local: unknown }) => local };
    const writing = recovering(origin, { defaults: own })(url, { method: 'PUT', body: 'no JSON', headers });
    expect(await rejectionOf(writing)).toMatchObject({ code: 'outcome-unknown' });
  });
});
