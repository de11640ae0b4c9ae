import { defineConfig } from 'vitest/config';
import all from './vitest.ts';

/** The tests that a mutant of the pure folders or of the flow meets. They need no socket, no build and no other process. */
export default defineConfig({
  ...all,
  test: {
    ...all.test,
    include: ['test/{core,merge,recovery,client}/**/*.test.ts'],
    isolate: false,
    globalSetup: [],
  },
});
