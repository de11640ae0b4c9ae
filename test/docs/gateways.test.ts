import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addresses, placed, settings, settingsIn } from '../servers/gateway/settings.ts';
import { root, textOf } from './blocks.ts';
import { tableUnder } from './tables.ts';

const page = textOf('docs/gateways.md');
const tried = globSync('test/servers/gateway/*.ts', { cwd: root })
  .map((file) => readFileSync(root + file, 'utf8'))
  .join('\n');

describe('a block of nginx on the page about gateways', () => {
  it('is one that a promise is tried with', () => {
    const gateways = [...settings].filter(([, text]) => text.includes('listen'));
    expect(gateways.length).toBeGreaterThan(10);
    expect(gateways.map(([name]) => name).filter((name) => !tried.includes(`'${name}'`))).toEqual([]);
  });

  it('has a name of its own', () => {
    expect([...settingsIn('```nginx one\nlisten 8080;\n```\n')]).toEqual([['one', 'listen 8080;\n']]);
    expect(() => settingsIn('```nginx\nlisten 8080;\n```\n')).toThrow('no name');
    expect(() => settingsIn('```nginx one\n```\n\n```nginx one\n```\n')).toThrow("'one'");
  });

  it('keeps none of its addresses where it is run', () => {
    const here = { gateway: 'g', primary: 'p', replica: 'r', detour: 'd', cache: 'c' };
    expect(placed('listen 8080; server 127.0.0.1:9001;', here)).toBe('g server p;');
    const left = [...settings].filter(([, text]) => /\d{4}|\/var\//.test(placed(text, here)));
    expect(left).toEqual([]);
    expect(Object.values(addresses).filter((pattern) => page.search(pattern) < 0)).toEqual([]);
  });
});

describe('what was seen behind a gateway', () => {
  it('has a row for each promise, and no other', () => {
    const promises = textOf('test/servers/gateway.ts').matchAll(/promise: (?:'([^']+)'|"([^"]+)")/g);
    const names = [...promises].map(([, single, double]) => single ?? double);
    expect(names.length).toBeGreaterThan(20);
    expect([...tableUnder(page, 'What was seen').keys()]).toEqual(names);
  });
});
