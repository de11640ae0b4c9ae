import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const { CHROMIUM, CI } = process.env;

/** Where this machine has a Chromium: what CHROMIUM names, else where Debian and its kin put it. */
const path = (
  CHROMIUM ? [CHROMIUM] : ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
).find((each) => existsSync(each));

/** Whether tests in a browser are left out: only on a machine that has none, and never in CI. */
export const isWithoutChromium = path === undefined && CI !== 'true';

if (isWithoutChromium) {
  console.warn(
    'NOT RUN: tests in a browser. There is no Chromium: apt-get install -y chromium, or CHROMIUM=/path/to/it.',
  );
}

/** Starts Chromium, without a window. */
export async function launchChromium(): Promise<Browser> {
  if (path === undefined)
    throw new Error('There is no Chromium: apt-get install -y chromium, or CHROMIUM=/path/to/it.');
  // The pages are ours, and whoever is root, as CI often is, can't have its sandbox.
  return chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
}
