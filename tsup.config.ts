import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    merge: 'src/merge.ts',
    'json-patch': 'src/merge/json-patch.ts',
    presets: 'src/presets.ts',
    probe: 'src/probe.ts',
    poll: 'src/poll.ts',
    testing: 'src/testing.ts',
    lazy: 'src/lazy.ts',
    recovery: 'src/recovery.ts',
  },
  format: 'esm',
  target: 'es2022',
  // Neither Node's nor a browser's shims: `process.env.NODE_ENV` must reach the user's bundler as it stands.
  platform: 'neutral',
  dts: true,
  sourcemap: true,
  clean: true,
});
