import { describe, expect, it } from 'vitest';
import {
  etag,
  field,
  fieldPart,
  formatVersion,
  header,
  headerPart,
  lastModified,
  query,
  sameVersion,
} from '../../src/core/version.ts';
import { comparesStrongly, none, versionRule } from '../../src/core/version-rule.ts';

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

describe('a write under a version', () => {
  const date = 'Thu, 01 Jan 2026 00:00:00 GMT';

  it.each([
    ['a strong tag', etag(), ['"a"']],
    ['a tag that holds a date', etag(), ['"2026-01-01T00:00:00Z"']],
    ['a number', field('/version'), [7]],
    ['a text', { read: field('/_rev'), write: [field('/_rev'), query('rev')] }, ['1-abc']],
    ['a filter of the query', { read: field('/version'), write: query('version', { prefix: 'eq.' }) }, ['5']],
    ['a date and a strong tag', [lastModified(), etag()], [date, '"a"']],
  ])('is refused by any other state under %s', (_, option, version) => {
    expect(comparesStrongly(versionRule(option), version)).toBe(true);
  });

  it.each([
    ['no version', none(), []],
    ['a weak tag', etag({ weak: 'send' }), ['W/"a"']],
    ['a date', lastModified(), [date]],
    ['a date in a header of its own', header('X-Changed'), [date]],
    ['a date in the document', field('/updatedAt'), ['2026-01-01T00:00:00Z']],
    ['a date and a weak tag', [lastModified(), etag({ weak: 'send' })], [date, 'W/"a"']],
    ['a version that is read and never sent', { read: etag(), write: [] }, ['"a"']],
  ])('may be taken in another state under %s', (_, option, version) => {
    expect(comparesStrongly(versionRule(option), version)).toBe(false);
  });
});
