import { existsSync } from 'node:fs';
import { env } from 'node:process';

/** A browser of this machine, and how to get one where there is none. */
export interface Engine {
  readonly name: 'chromium' | 'firefox' | 'webkit';
  readonly title: string;
  /** What drives it; `undefined` where it isn't installed. */
  readonly path: string | undefined;
  readonly advice: string;
}

/** What the environment names (nothing, where it names nothing), else the first place where there is one. */
function find(variable: string, ...places: readonly string[]): string | undefined {
  const named = env[variable];
  return named === undefined ? places.find((place) => existsSync(place)) : named || undefined;
}

export const chromium: Engine = {
  name: 'chromium',
  title: 'Chromium',
  path: find('CHROMIUM', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'),
  advice: 'apt-get install -y chromium, or CHROMIUM=/its/path',
};

/** How Chromium is started by Playwright. As root, as in a container, it has no sandbox. */
export const launch = { executablePath: chromium.path ?? '', args: ['--no-sandbox'] };

export const firefox: Engine = {
  name: 'firefox',
  title: 'Firefox ESR',
  path: find('FIREFOX', '/usr/bin/firefox-esr', '/usr/bin/firefox'),
  advice: 'apt-get install -y firefox-esr, or FIREFOX=/its/path',
};

export const webkit: Engine = {
  name: 'webkit',
  title: 'WebKitGTK',
  // It has no mode without a screen.
  path: existsSync('/usr/bin/Xvfb') ? find('WEBKIT_DRIVER', '/usr/bin/WebKitWebDriver') : undefined,
  advice: 'apt-get install -y webkit2gtk-driver xvfb, or WEBKIT_DRIVER=/its/path',
};

export const engines: readonly Engine[] = [chromium, firefox, webkit];

/**
 * A loud line for each browser that is missing, with how to get it.
 *
 * @throws {Error} where all have to be there.
 */
export function missing(found: readonly Engine[], areDemanded: boolean): readonly string[] {
  const lines = found
    .filter(({ path }) => path === undefined)
    .map(({ title, advice }) => `!!! NOT TESTED IN ${title}: there is none. To get it: ${advice}`);
  if (lines.length > 0 && areDemanded) throw new Error(lines.join('\n'));
  return lines;
}
