import { describe, expect, it } from 'vitest';
import { blocksIn, examplesIn } from './blocks.ts';
import { instrument, run } from './run.ts';
import { startingTime } from '../support/time.ts';

const page = 'tools.md';
const fence = '```';

async function outcome(
  code: string,
): Promise<{ lines: readonly number[]; compared: readonly number[]; error: string }> {
  const example = {
    page: `${expect.getState().currentTestName ?? page}.md`.replaceAll(/\W/g, '-'),
    line: 1,
    code,
    excuse: undefined,
  };
  const { code: runnable, lines } = instrument(example);
  return { lines, ...(await run(example, runnable, 'http://127.0.0.1:9')) };
}

describe('a page with examples', () => {
  it('gives its TypeScript, and the lines it stands on', () => {
    const markdown = `# A\n\n${fence}ts\none();\n${fence}\n\n${fence}sh\nls\n${fence}\n\n${fence}ts continues\ntwo();\n${fence}\n`;
    expect(blocksIn(markdown)).toEqual([
      { code: 'one();\n', line: 4, info: '' },
      { code: 'two();\n', line: 12, info: 'continues' },
    ]);
    const [example, ...others] = examplesIn(page, markdown);
    expect(others).toEqual([]);
    expect(example?.code.split('\n').slice(3, 12)).toEqual(['one();', '', '', '', '', '', '', '', 'two();']);
  });

  it.for(['skip', 'no-run', 'no-run: lazy'])("can't leave a block out by saying '%s'", (info) => {
    expect(() => examplesIn(page, `${fence}ts ${info}\none();\n${fence}\n`)).toThrow('tools.md:2');
  });
});

describe('an arrow behind a logged value', { timeout: startingTime }, () => {
  it('passes where it says the value', async () => {
    const { lines, compared, error } = await outcome('const a = { b: 1 };\nconsole.log(a); // → { b: 1 }\n');
    expect({ lines, compared, error }).toEqual({ lines: [2], compared: [2], error: '' });
  });

  it('fails where it says another', async () => {
    expect((await outcome('console.log(1 + 1); // → 3\n')).error).toContain('AssertionError');
  });

  it('is missed where the program never comes by', async () => {
    const { lines, compared } = await outcome('if (Math.PI < 3) {\n  console.log(1); // → 1\n}\n');
    expect({ lines, compared }).toEqual({ lines: [2], compared: [] });
  });

  it('must stand behind a console.log of one value', () => {
    expect(() => instrument({ page, code: 'const a = 1; // → 1\n' })).toThrow('tools.md:1');
  });
});
