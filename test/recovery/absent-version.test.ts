import { field, header, keepRemote, set, threeWay, type MergeContext, type RecoveryOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { reportOf, url } from '../support/write.ts';

type Options = RecoveryOptions<Record<string, unknown>>;

const rev = { read: field('/_rev'), write: field('/_rev'), absent: 'creates' } as const;
const theirs = { _rev: '4', tags: ['theirs'] };
const union = threeWay<unknown>({ '/tags': set(), '/_rev': keepRemote() });

const write = (value: unknown, method = 'PUT'): RequestInit => ({
  method,
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});

/** A server that refuses the next write by 409, and takes what comes then. */
function refusing(): Origin {
  const origin = new Origin(theirs);
  origin.once('PUT', () => new Response('conflict', { status: 409 }));
  return origin.once('PUT', () => new Response(null, { status: 201 }));
}

describe('a write without a version, at a server where that creates', () => {
  it('is told that there is one already', async () => {
    const origin = refusing();
    const response = await recovering(origin, { defaults: { version: rev } })(url, write({ tags: ['ours'] }));
    expect(origin.log).toEqual(['PUT 409']);
    expect(reportOf(response)).toMatchObject({ code: 'exists' });
  });

  it('is told as much elsewhere as that it names no version', async () => {
    const origin = refusing();
    const version = { read: field('/_rev'), write: field('/_rev') };
    const response = await recovering(origin, { defaults: { version } })(url, write({ tags: ['ours'] }));
    expect(reportOf(response)).toMatchObject({ code: 'no-version' });
  });

  it('adopts what exists, or merges onto it without a base, as onExists says', async () => {
    const adopted = await recovering(refusing(), {
      defaults: { version: rev, onConflict: { exists: 'adopt' } },
    })(url, write({ tags: [] }));
    expect(await adopted.json()).toEqual(theirs);
    const origin = refusing();
    const reasons: unknown[] = [];
    const merge = ({ base, reason }: MergeContext) => {
      reasons.push([base, reason]);
      return union;
    };
    const options: Options = { defaults: { merge, version: rev, onConflict: { exists: 'merge' } } };
    const merged = await recovering(origin, options)(url, write({ tags: ['ours'] }));
    expect(reportOf(merged)).toMatchObject({ outcome: 'merged' });
    expect(reasons).toEqual([[undefined, 'exists']]);
    expect(await origin.requests[2]?.json()).toEqual({ _rev: '4', tags: ['theirs', 'ours'] });
  });

  it('is stale as ever if it names one', async () => {
    const origin = refusing();
    const body = write({ _rev: '3', tags: ['ours'] });
    const response = await recovering(origin, { defaults: { version: rev } })(url, body);
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
  });

  it('begins with a read if it names its base: it has only forgotten the version', async () => {
    const origin = new Origin(theirs).once('PUT', () => new Response(null, { status: 201 }));
    const options: Options = { defaults: { merge: union, version: rev } };
    await recovering(origin, options)(url, { ...write({ tags: ['ours'] }), base: { tags: [] } });
    expect(origin.requests.map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(await origin.requests[1]?.json()).toEqual({ _rev: '4', tags: ['theirs', 'ours'] });
  });

  it('may say a version in a header as well', async () => {
    const version = { read: field('/_rev'), write: header('X-Version'), absent: 'creates' } as const;
    const response = await recovering(refusing(), { defaults: { version } })(url, write({ tags: ['ours'] }));
    expect(reportOf(response)).toMatchObject({ code: 'exists' });
  });

  it('that is a delete, or a patch, makes nothing', async () => {
    for (const method of ['DELETE', 'PATCH']) {
      const origin = new Origin(theirs).once(method, () => new Response(null, { status: 409 }));
      const response = await recovering(origin, { defaults: { version: rev } })(url, write({}, method));
      expect(reportOf(response)).toMatchObject({ code: 'no-version' });
    }
  });
});

describe('an answer that is lost to a write which creates by having no version', () => {
  it('has it sent again where nothing is there: the server refuses a second one', async () => {
    const origin = new Origin(undefined).lose('PUT', 'before');
    origin.once('PUT', () => new Response(null, { status: 201 }));
    const response = await recovering(origin, { defaults: { version: rev } })(url, write({ tags: ['ours'] }));
    expect(origin.log).toEqual(['PUT lost', 'GET 404', 'PUT 201']);
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
  });

  it('is unknown where what is there is what was sent: another may have created it', async () => {
    const origin = new Origin({ _rev: '1', tags: ['ours'] }).lose('PUT', 'before', 503);
    const response = await recovering(origin, { defaults: { version: rev } })(url, write({ tags: ['ours'] }));
    expect(reportOf(response)).toMatchObject({ code: 'outcome-unknown' });
  });

  it('is unknown where something else is there', async () => {
    const origin = new Origin(theirs).lose('PUT', 'before', 503);
    const response = await recovering(origin, { defaults: { version: rev } })(url, write({ tags: ['ours'] }));
    expect(reportOf(response)).toMatchObject({ code: 'outcome-unknown' });
  });
});
