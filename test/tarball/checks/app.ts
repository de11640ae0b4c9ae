import { deepEqual } from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import type { ConsoleMessage } from 'playwright';
import { once, type Check, type Suite } from '../check.ts';
import { openChromium } from '../chromium.ts';
import { comparePartsIn, type Part } from '../parts.ts';
import { project } from '../place.ts';
import { succeed, tool } from '../programs.ts';
import { versionOf } from '../runtimes.ts';
import { serve } from '../site.ts';
import { atVenue } from '../venue.ts';

const expected = { update: 'merged', wrapped: 'merged' };
const held: readonly Part[] = ['etag', 'recovery', 'p-retry', 'ky', 'threeWay', 'text'];

/** An app that Vite built for production, opened in Chromium, with the server on another origin. */
export const app: Suite = (place) => {
  const built = once(async () => {
    const folder = await project(place, 'app');
    await succeed(execPath, [tool('vite/bin/vite.js'), 'build', '--logLevel', 'warn'], folder);
    return join(folder, 'dist');
  });

  const check = (where: string): Check => ({
    promise: `An app built by Vite ${versionOf('vite')} recovers writes in a ${where} in Chromium`,
    run: async () => atVenue(expected, async ([origin = '']) => writesIn(where, await built(), origin)),
  });
  return [
    {
      promise: `An app built by Vite ${versionOf('vite')} holds what it imports and no more`,
      run: async () => {
        const folder = await built();
        const scripts = globSync('**/*.js', { cwd: folder });
        const texts = await Promise.all(scripts.map((path) => readFile(join(folder, path), 'utf8')));
        return comparePartsIn(texts.join('\n'), held);
      },
    },
    ...['page', 'worker', 'service worker'].map(check),
  ];
};

async function writesIn(where: string, folder: string, origin: string): Promise<string> {
  const browser = await openChromium();
  const site = await serve(folder);
  const faults: string[] = [];
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('requestfailed', (request) => {
      const { errorText = '' } = request.failure() ?? {};
      // The body of a refusal that nobody reads is let go.
      if (errorText !== 'net::ERR_ABORTED') faults.push(`${request.method()} ${request.url()}: ${errorText}`);
    });
    const onConsole = (message: ConsoleMessage): void => {
      // Chromium says of each refusal that it is one.
      const isRefusal = message.location().url.startsWith(origin) && message.text().includes('412');
      if (message.type() === 'error' && !isRefusal) faults.push(message.text());
    };
    page.on('console', onConsole);
    page.context().on('serviceworker', (worker) => worker.on('console', onConsole));
    await page.goto(`${site.origin}/?${String(new URLSearchParams({ in: where, origin }))}`);
    const report = await page.locator('body[data-report]').getAttribute('data-report');
    deepEqual({ faults, missing: site.missing }, { faults: [], missing: [] });
    return report ?? '';
  } catch (error) {
    throw new Error(`The page failed. ${faults.join(' ')}`, { cause: error });
  } finally {
    await browser.close();
    await site.stop();
  }
}
