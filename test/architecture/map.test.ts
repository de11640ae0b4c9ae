import { describe, expect, it } from 'vitest';
import { mapFaults } from './map.ts';

const files = new Map(
  [
    'src/index.ts',
    'src/go.ts',
    'src/core/go.ts',
    'src/core/wait.ts',
    'src/shell/retry.ts',
    'docs/server.ts',
  ].map((path) => [path, '']),
);
const whole = '`index.ts`, `go.ts`; `core/go.ts`, `core/wait.ts`; `src/shell/retry.ts` loops.';

describe('a map of the house', () => {
  it('is true when it names every source file, by its path or by the end of it', () => {
    expect(mapFaults(whole, files)).toEqual([]);
  });

  it('may speak of other files, of patterns and of what is built', () => {
    expect(mapFaults(`${whole} docs/server.ts, test/*.test.ts, dist/index.d.ts, Node.js`, files)).toEqual([]);
  });

  it('is false when it leaves a source file out', () => {
    expect(mapFaults(whole.replace('`core/wait.ts`', ''), files)).toEqual(["doesn't name src/core/wait.ts"]);
  });

  it('is false when it names a file that is not there', () => {
    expect(mapFaults(`${whole} \`shell/gone.ts\``, files)).toEqual([
      "names shell/gone.ts, which isn't there",
    ]);
  });

  it('does not take one file for another of the same name', () => {
    expect(mapFaults(whole.replace('`core/go.ts`', '`go.ts`'), files)).toEqual([
      "doesn't name src/core/go.ts",
    ]);
  });

  it('is false when it names what may be one of two', () => {
    const two = new Map([...files, ['src/shell/wait.ts', '']]);
    expect(mapFaults(`${whole} \`shell/wait.ts\` and wait.ts`, two)).toEqual([
      'names wait.ts, which may be src/core/wait.ts or src/shell/wait.ts',
    ]);
  });
});
