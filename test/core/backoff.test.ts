import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../src/core/backoff.ts';

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 22, 12, 0, 0);
  const zone = process.env.TZ;
  // Where noon isn't noon.
  beforeAll(() => {
    process.env.TZ = 'America/New_York';
  });
  afterAll(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5000],
    ['1000000000', 1e12],
    // The three forms of an HTTP date (RFC 9110 §5.6.7).
    ['Sun, 22 Nov 2026 12:00:10 GMT', 10_000],
    ['Sunday, 22-Nov-26 12:00:10 GMT', 10_000],
    ['Sun Nov 22 12:00:10 2026', 10_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
  ])('%j is %i ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });

  it.each([
    null,
    '',
    '-5',
    '1.5',
    'soon',
    '1e3',
    'Sunday',
    'Sun, 99 Nov 2026 12:00:00 GMT',
    'after Sun, 22 Nov 2026 12:00:10 GMT',
  ])('%j says nothing', (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });
});
