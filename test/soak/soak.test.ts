import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startingTime } from '../support/time.ts';
import { compare, type Gauges } from './gauges.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

async function soak(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--no-warnings', '--expose-gc', main, ...args]);
  const closed = once(child, 'close') as Promise<[code: number | null]>;
  const [said, complained, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { said, complained, code };
}

const setting = 'a thousand writes that meet a conflict, against the example server';
describe(setting, { timeout: startingTime }, () => {
  it('leave nothing behind, and are each in the document once', async () => {
    const { said, complained, code } = await soak('--writes', '1000');
    expect(complained).toBe('');
    expect(said).toMatch(/^1\d\d\d writes that met a conflict/);
    expect(said).toContain('Each write is in its document, once.');
    expect(said.match(/ held$/gm)).toHaveLength(10);
    expect(code).toBe(0);
  });

  it('are too few to tell anything where they are fewer', async () => {
    expect(await soak('--writes', '10')).toMatchObject({ said: '', code: 2 });
  });
});

describe('what is there at the end', () => {
  const first: Gauges = {
    'heap used, bytes': 20_000_000,
    'sockets of the client': 0,
    'connections at the server': 0,
    'other resources of the process': 2,
    'listeners on the shared signal': 0,
    'timers set': 0,
    'bodies unread': 0,
    'signals alive': 17,
    'responses alive': 16,
    'bases remembered': 144,
  };
  const grown = (last: Partial<Gauges>): readonly string[] =>
    compare(first, { ...first, ...last })
      .filter(({ held }) => !held)
      .map(({ name }) => name);

  it('may be what was there, or less', () => {
    expect(grown({})).toEqual([]);
    expect(grown({ 'heap used, bytes': 10_000_000, 'bases remembered': 100 })).toEqual([]);
  });

  it('may be a heap that is larger by a tenth and 2 MiB, as no two are alike, and no larger', () => {
    expect(grown({ 'heap used, bytes': 24_000_000 })).toEqual([]);
    expect(grown({ 'heap used, bytes': 24_200_000 })).toEqual(['heap used, bytes']);
  });

  it.each((Object.keys(first) as (keyof Gauges)[]).slice(1))(
    'is a leak if there is one more of: %s',
    (name) => {
      expect(grown({ [name]: first[name] + 1 })).toEqual([name]);
    },
  );
});
