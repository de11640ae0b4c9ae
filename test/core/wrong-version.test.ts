import { describe, expect, it } from 'vitest';
import { etag, field, header, lastModified, query, type VersionPart } from '../../src/core/version.ts';
import { versionRule, type VersionOption } from '../../src/core/version-rule.ts';
import { wrongVersions } from '../../src/core/wrong-version.ts';

function wrong(option: VersionOption, ...version: readonly VersionPart[]): unknown {
  return wrongVersions(versionRule(option), version).map(({ older }) => older);
}

describe('a version that is surely wrong', () => {
  it.each<[VersionOption, VersionPart, VersionPart]>([
    [etag(), '"v2"', '"v1"'],
    [etag(), '"v1"', '"v2"'],
    [etag(), '"0x8DE2A90"', '"0x8DE2A91"'],
    [etag(), '"beef"', '"beea"'],
    [etag(), '""', '"x"'],
    [etag(), '"9f-gzip"', '"8f-gzip"'],
    [etag({ weak: 'send' }), 'W/"2026-11-02T10:00:00.123Z"', 'W/"2026-11-02T10:00:00.122Z"'],
    [field('/_rev'), '3-deadbeea', '2-deadbeea'],
    [field('/metadata/resourceVersion'), '1', '2'],
    [field('/version'), 4, 3],
    [field('/version'), 1, 2],
    [field('/version'), 0, 1],
    [field('/version'), 2 ** 60, 2 ** 59],
    [field('/version'), 7n, 6n],
    [header('X-Version'), 'AbC', 'AbA'],
    [lastModified(), 'Mon, 02 Nov 2026 10:00:00 GMT', 'Sun, 02 Nov 2025 10:00:00 GMT'],
    [lastModified(), 'yesterday', 'yesterdaa'],
  ])('looks like a right one: %o %s', (option, right, expected) => {
    expect(wrong(option, right)).toEqual([[expected]]);
  });

  it('is wrong in one part at a time, where there are several', () => {
    const parts = { read: [field('/a'), field('/b')], write: [query('a'), query('b')] } as const;
    expect(wrong(parts, 7, 2)).toEqual([
      [6, 2],
      [7, 1],
    ]);
    expect(wrong([], ...[])).toEqual([]);
  });

  it('also never was, where it counts', () => {
    const unknown = (part: VersionPart): unknown =>
      wrongVersions(versionRule(field('/version')), [part])[0]?.unknown;
    expect([unknown(4), unknown(4n), unknown('4')]).toEqual([[1_000_004], [1_000_004n], undefined]);
  });
});
