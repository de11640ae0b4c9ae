import { afterEach, describe, expect, it, vi } from 'vitest';
import { openTerminal, type Terminal } from '../../docs/examples/contention/terminal.ts';

afterEach(() => vi.unstubAllEnvs());

/** All that was written, as a terminal or a file gets it. */
function written(isTTY: boolean, noColor: string, write: (terminal: Terminal) => void): string {
  vi.stubEnv('NO_COLOR', noColor);
  const texts: string[] = [];
  const output = { isTTY, write: (text: string) => texts.push(text) };
  write(openTerminal(output as unknown as NodeJS.WriteStream));
  return texts.join('');
}

describe('colour', () => {
  const print = (terminal: Terminal) => terminal.print('text', 'green');

  it('is there on a terminal, and nowhere else', () => {
    expect(written(true, '', print)).toBe('\u001b[32mtext\u001b[39m\n');
    expect(written(false, '', print)).toBe('text\n');
    expect(written(true, '1', print)).toBe('text\n');
  });
});

describe('progress', () => {
  const work = (terminal: Terminal) => {
    for (let done = 1; done <= 8; done += 1) terminal.progress(done, 8, `${done} of 8`);
  };

  it('is one line on a terminal, which gives way to what is printed', () => {
    const text = written(true, '', (terminal) => {
      terminal.progress(1, 2, '1 of 2');
      terminal.print('a story');
      terminal.progress(2, 2, '2 of 2');
      terminal.print('the end');
    });
    expect(text).toBe('\r\u001b[K1 of 2\r\u001b[Ka story\n\r\u001b[K2 of 2\nthe end\n');
  });

  it('is four lines in a file', () => {
    expect(written(false, '', work)).toBe('2 of 8\n4 of 8\n6 of 8\n8 of 8\n');
  });
});
