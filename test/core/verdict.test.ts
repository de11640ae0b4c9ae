import { describe, expect, it } from 'vitest';
import { classify, diagnose, isTransient, leavesOpen } from '../../src/core/verdict.ts';

const answer = {
  status: 409,
  redirected: false,
  versioned: false,
  creating: false,
  foreign: undefined,
  verdict: undefined,
};

describe('a refusal', () => {
  it('of a write without a version can be solved where the route calls it stale, or the server wants one', () => {
    expect(classify(answer)).toEqual({ kind: 'unsolvable', code: 'no-version' });
    expect(classify({ ...answer, verdict: 'stale' })).toEqual({ kind: 'precondition-required' });
    expect(classify({ ...answer, status: 428 })).toEqual({ kind: 'precondition-required' });
  });
});

describe('a route’s own word on a refusal', () => {
  it('goes before the evidence', () => {
    const stale = { ...answer, versioned: true };
    expect(classify(stale)).toEqual({ kind: 'stale' });
    expect(classify({ ...stale, verdict: 'in-progress' })).toEqual({ kind: 'in-progress' });
    expect(classify({ ...stale, verdict: 'final' })).toEqual({ kind: 'final' });
  });
});

describe('a refusal of the version that the server itself shows', () => {
  const evidence = { status: 412, body: '', relayed: true };

  it.each(['W/"a"', '"a-gzip"', '"a-br"', '"a-zstd"', '"a-df"'])(
    'comes of the tag where it is %s',
    (version) => {
      expect(diagnose({ ...evidence, version })).toBe('unmatchable-etag');
    },
  );

  it.each(['"W/a"', '"a-gzip-2"', '"-gzip"a', '"agzip"'])('comes of a cache where it is %s', (version) => {
    expect(diagnose({ ...evidence, version })).toBe('stale-replica');
  });
});

describe('a status', () => {
  it.each([408, 500, 502, 503, 504, 507, 520, 599])('%i leaves open if a write was made', (status) => {
    expect(leavesOpen(status)).toBe(true);
  });

  it.each([200, 400, 409, 412, 429, 499, 501, 505])('%i tells', (status) => {
    expect(leavesOpen(status)).toBe(false);
  });

  it.each([408, 429, 500, 502, 503, 504])('%i may be another in a moment', (status) => {
    expect(isTransient(status)).toBe(true);
  });

  it.each([200, 404, 409, 412, 413, 501, 505, 507])('%i stays', (status) => {
    expect(isTransient(status)).toBe(false);
  });
});
