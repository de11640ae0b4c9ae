import { describe, expect, it } from 'vitest';
import { engines, missing } from './engines.ts';

const [one, ...others] = engines.map((engine) => ({ ...engine, path: '/usr/bin/there' }));
const none = engines.map((engine) => ({ ...engine, path: undefined }));

describe('a browser that is not on the machine', () => {
  it('is named in one loud line, with how to get it', () => {
    const lines = missing(none, false);
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toMatch(/^!!! NOT TESTED IN .+ apt-get install -y .+, or [A-Z_]+=/);
    expect(missing([...(one ? [one] : []), ...others], false)).toEqual([]);
  });

  it('is a failure where all have to be there, as in CI', () => {
    expect(() => missing(none, true)).toThrow(/NOT TESTED IN Chromium.+\n.+Firefox.+\n.+WebKitGTK/);
    expect(missing([...(one ? [one] : []), ...others], true)).toEqual([]);
  });
});
