import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: {
      'remerge/json-patch': fileURLToPath(new URL('../src/merge/json-patch.ts', import.meta.url)),
      'remerge/merge': fileURLToPath(new URL('../src/merge.ts', import.meta.url)),
      'remerge/presets': fileURLToPath(new URL('../src/presets.ts', import.meta.url)),
      'remerge/lazy': fileURLToPath(new URL('../src/lazy.ts', import.meta.url)),
      'remerge/recovery': fileURLToPath(new URL('../src/recovery.ts', import.meta.url)),
      'remerge/probe': fileURLToPath(new URL('../src/probe.ts', import.meta.url)),
      'remerge/testing': fileURLToPath(new URL('../src/testing.ts', import.meta.url)),
      'remerge/poll': fileURLToPath(new URL('../src/poll.ts', import.meta.url)),
      remerge: fileURLToPath(new URL('../src/index.ts', import.meta.url)),
    },
  },
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    // They need a browser, see vitest.browsers.ts.
    exclude: ['**/node_modules/**', 'test/**/*.{browser,page}.test.ts'],
    // By default it is one less than there are cores, and many tests wait for processes of their own.
    maxWorkers: '100%',
    // A worker thread starts in half the time that a process takes.
    pool: 'threads',
    // A machine that is much busier than ours passes, too. A test that hangs is told all the same.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: 'test/neutral/venue.ts',
  },
});
