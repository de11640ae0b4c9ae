import { join } from 'node:path';
import { env } from 'node:process';

const reports = 'coverage/stryker';

// Read by the tests that draw at random: what a mutant breaks shows in a few hundred cases, or not in 20,000 either.
env.LAWS_RUNS ??= '300';
env.GIT_RUNS ??= '30';

export default {
  mutate: ['src/core/**/*.ts', 'src/merge/**/*.ts', 'src/recover.ts'],
  testRunner: 'vitest',
  // Every test is asked that touches the mutant, whether or not it imports the file itself.
  vitest: { configFile: '.config/vitest.stryker.ts', related: false },
  coverageAnalysis: 'perTest',
  // A constant of a module is evaluated once, so that each such mutant would need a run of all tests.
  ignoreStatic: true,
  // What neither the mutant's file nor its tests changed since is taken from the last run.
  incremental: true,
  incrementalFile: join(reports, 'incremental.json'),
  concurrency: 2,
  tempDirName: join(reports, 'sandbox'),
  ignorePatterns: ['coverage', 'dist'],
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowEmojis: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: join(reports, 'index.html') },
  jsonReporter: { fileName: join(reports, 'mutants.json') },
  thresholds: { high: 95, low: 85, break: 85 },
};
