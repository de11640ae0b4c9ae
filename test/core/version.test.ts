import { describe, expect, it } from 'vitest';
import {
  etag,
  field,
  fieldPart,
  formatVersion,
  header,
  headerPart,
  sameVersion,
} from '../../src/core/version.ts';

describe('two versions', () => {
  it('are the same where each part is', () => {
    expect(sameVersion(['"a"', 1], ['"a"', 1])).toBe(true);
    expect(sameVersion(['"a"', 1], ['"a"', 2])).toBe(false);
  });

  it('are two where one has more parts', () => {
    expect(sameVersion(['"a"'], ['"a"', 1])).toBe(false);
    expect(sameVersion(['"a"', 1], ['"a"'])).toBe(false);
  });

  it('may be spelled as a big integer, and are told apart where a number could not', () => {
    const [one, two] = [9007199254740992n, 9007199254740993n];
    expect(fieldPart(one)).toEqual({ part: one });
    expect(sameVersion([one], [two])).toBe(false);
    expect(formatVersion([two])).toContain('9007199254740993');
  });
});

describe('an entity tag', () => {
  const { check } = etag();

  it.each(['"a"', '""', '"\u00ff"'])('%s is one', (text) => {
    expect(check?.(text)).toEqual({ part: text });
  });

  it.each(['a', '"a', 'a"', '"a", "b"', '"a b"', 'w/"a"', 'W/a', ''])('%s is none', (text) => {
    expect(check?.(text)).toBe('malformed');
  });
});

it('a version is no longer than what a server takes for a header', () => {
  const carrier = header('X-Version');
  const [long, longer] = ['v'.repeat(8192), 'v'.repeat(8193)];
  expect([headerPart(carrier, long), headerPart(carrier, longer)]).toEqual([{ part: long }, 'malformed']);
  expect([fieldPart(long), fieldPart(longer)]).toEqual([{ part: long }, 'malformed']);
});

it('a version in a document may stand where it is 0, and not where it is nothing', () => {
  const { get } = field('/version');
  expect(fieldPart(get({ version: 0 }))).toEqual({ part: 0 });
  for (const nothing of [{}, { version: null }, { version: '' }])
    expect(fieldPart(get(nothing))).toBe('missing');
  for (const odd of [true, {}, []]) expect(fieldPart(get({ version: odd }))).toBe('malformed');
});
