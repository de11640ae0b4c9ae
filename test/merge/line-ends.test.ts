import { describe, expect, it } from 'vitest';
import { merge, text } from '../../src/merge.ts';

/** Merges three texts; `undefined` where they conflict. */
function merged(base: string, local: string, remote: string): string | undefined {
  const { value, conflicts } = merge<string>({ base, local, remote }, { '': text() });
  return conflicts.length > 0 ? undefined : value;
}

describe('a text whose line ends one side changed', () => {
  const windows = 'a\r\nb\r\nc\r\n';
  const unix = 'a\nb\nc\n';

  it('has the other side’s lines, with these line ends', () => {
    expect(merged(windows, unix, 'a\r\nb\r\nC\r\n')).toBe('a\nb\nC\n');
    expect(merged(windows, 'a\r\nb\r\nC\r\n', unix)).toBe('a\nb\nC\n');
    expect(merged(unix, windows, 'a\nb\nC\n')).toBe('a\r\nb\r\nC\r\n');
  });

  it('has the lines that this side changed, too', () => {
    expect(merged(windows, 'A\nb\nc\n', 'a\r\nb\r\nC\r\n')).toBe('A\nb\nC\n');
    expect(merged(windows, 'A\nb\nc', 'a\r\nb\r\nc\r\nd\r\n')).toBe(undefined);
    expect(merged('a\r\nb\r\nc', 'A\nb\nc', 'a\r\nb\r\nC')).toBe('A\nb\nC');
  });

  it('conflicts in the lines that both changed, and in no others', () => {
    expect(merged(windows, 'A\nb\nc\n', 'X\r\nb\r\nc\r\n')).toBeUndefined();
    expect(merged(windows, 'A\nb\nc\n', 'A\r\nb\r\nc\r\n')).toBe('A\nb\nc\n');
  });

  it('is made even where the base had some of both', () => {
    expect(merged('a\r\nb\nc\r\n', unix, 'a\r\nb\nC\r\n')).toBe('a\nb\nC\n');
  });

  it('keeps a mixture that a side made, and that nobody touched', () => {
    expect(merged(windows, 'a\r\nb\r\nnew\nc\r\n', 'A\r\nb\r\nc\r\n')).toBe('A\r\nb\r\nnew\nc\r\n');
    expect(merged('a\r\nb\nc\r\n', 'A\r\nb\nc\r\n', 'a\r\nb\nC\r\n')).toBe('A\r\nb\nC\r\n');
  });

  it('has those of whoever has some, where the text was of one line', () => {
    expect(merged('a', 'a\nb', 'a')).toBe('a\nb');
    expect(merged('a\r\nb', 'a', 'a\r\nb')).toBe('a');
  });
});
