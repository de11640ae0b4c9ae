import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromium, launch } from '../test/browser/engines.ts';
import { startingTime } from '../test/support/time.ts';
import all from './vitest.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const globalSetup = 'test/neutral/venue.ts';

/** In Chromium itself: what holds everywhere, and what only a page meets. */
const inside = {
  ...all,
  // Found before the first test: a dependency that is found later reloads the page.
  optimizeDeps: { include: ['ky', 'p-retry', 'zod', 'zod/mini'] },
  test: {
    root,
    globalSetup,
    name: 'chromium',
    include: ['test/neutral/*.neutral.test.ts', 'test/browser/*.browser.test.ts'],
    api: { host: '127.0.0.1' },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: launch }),
      instances: [{ browser: 'chromium' as const }],
    },
  },
};

/** From outside: pages of their own, on which the built package is. */
const outside = {
  ...all,
  test: {
    root,
    globalSetup,
    name: 'pages',
    include: ['test/**/*.page.test.ts'],
    // Each test starts a browser.
    testTimeout: startingTime,
    hookTimeout: startingTime,
  },
};

export default defineConfig({
  test: {
    root,
    globalSetup: 'test/browser/roll-call.ts',
    projects: chromium.path === undefined ? [outside] : [inside, outside],
  },
});
