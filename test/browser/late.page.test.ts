import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScene } from '../neutral/scene.ts';
import { openChromium } from './chromium.ts';
import { chromium, firefox, webkit } from './engines.ts';
import { openFirefox } from './firefox.ts';
import { buildLateApps, lateBundlers } from './late-bundles.ts';
import { serve, type Tab } from './tab.ts';
import { openWebKit } from './webkit.ts';

const plan = { title: 'Plan', body: 'Milk' };
const ours = { title: 'Food', body: 'Milk' };
const theirs = { title: 'Plan', body: 'Eggs' };

/** A site with the apps of a folder on one page. What they load late may be gone, as after a deploy. */
async function openSite(folder: string) {
  const asked: string[] = [];
  const state = { isGone: false };
  // webpack's own script is none of the platform's modules.
  const kind = (name: string): string => (name === 'webpack' ? 'defer' : 'type="module"');
  const scripts = lateBundlers.map((name) => `<script ${kind(name)} src="/${name}/app.js"></script>`);
  const page = `<!doctype html><title>late</title>${scripts.join('')}`;
  const answer = async (path: string): Promise<string | undefined> => {
    if (!path.endsWith('.js')) return page;
    asked.push(path);
    return state.isGone ? undefined : readFile(join(folder, path), 'utf8').catch(() => undefined);
  };
  const site = await serve(({ url = '/' }, response) => {
    void answer(url).then((body) => {
      const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
      response.writeHead(body === undefined ? 404 : 200, {
        'content-type': type,
        'cache-control': 'no-store',
      });
      response.end(body);
    });
  });
  return { ...site, asked, state };
}

/** A text that stands in recovery alone. */
const loop = 'onFailedAttempt';

let built: Awaited<ReturnType<typeof buildLateApps>>;
beforeAll(async () => {
  built = await buildLateApps();
});
afterAll(() => built.remove());

/** Waits until the page has all apps. While it is being loaded it can't be asked. */
async function waitFor({ look }: Tab): Promise<void> {
  const loaded = 'Object.keys(globalThis.apps ?? {}).length';
  while ((await look(loaded).catch(() => 0)) !== lateBundlers.length);
}

describe.each([
  { engine: chromium, open: openChromium },
  { engine: firefox, open: openFirefox },
  { engine: webkit, open: openWebKit },
])('an app with remerge/lazy on a page in $engine.title', ({ engine, open }) => {
  let site: Awaited<ReturnType<typeof openSite>>;
  let tab: Tab | undefined;
  let initial: readonly string[];
  const save = (bundler: string, ...given: readonly unknown[]) =>
    tab?.look(`apps[${JSON.stringify(bundler)}].save(...${JSON.stringify(given)})`);

  beforeAll(async () => {
    site = await openSite(built.site);
    if (engine.path !== undefined) tab = await open(site.url);
    if (tab) await waitFor(tab);
    initial = [...site.asked];
  });
  afterAll(async () => {
    await tab?.close();
    await site.stop();
  });

  describe.each(lateBundlers)('built by %s', (bundler) => {
    const test = it.skipIf(engine.path === undefined);

    test('begins without what recovers', async () => {
      const own = initial.filter((path) => path.startsWith(`/${bundler}/`));
      const scripts = await Promise.all(own.map((path) => readFile(join(built.site, path), 'utf8')));
      expect(scripts.join('')).toContain('if-match');
      expect(scripts.join('')).not.toContain(loop);
    });

    test('tells a refusal as it is while the rest can’t be loaded', async () => {
      const scene = await openScene(plan);
      await scene.store(theirs);
      site.state.isGone = true;
      const told = await save(bundler, scene.url, plan, ours);
      site.state.isGone = false;
      expect(told).toEqual({ status: 412, outcome: 'failed', code: 'recovery-unavailable', attempts: 1 });
      expect(await scene.value()).toEqual(theirs);
    });

    // Firefox asks for no module a second time that it could not load once. webpack loads scripts, which it does.
    const isKept = engine === firefox && bundler !== 'webpack';
    test(isKept ? 'stays so until the page is loaded anew' : 'merges the next write', async () => {
      const scene = await openScene(plan);
      await scene.store(theirs);
      expect(await save(bundler, scene.url, plan, ours)).toMatchObject(
        isKept ? { code: 'recovery-unavailable' } : { status: 204, outcome: 'merged', attempts: 2 },
      );
      expect(await scene.value()).toEqual(isKept ? theirs : { title: 'Food', body: 'Eggs' });
    });
  });

  it.skipIf(engine.path === undefined)('recovers once the page is loaded anew', async () => {
    await tab?.look('(globalThis.apps = undefined, setTimeout(() => location.reload()), 0)');
    if (tab) await waitFor(tab);
    for (const bundler of lateBundlers) {
      const scene = await openScene(plan);
      await scene.store(theirs);
      expect(await save(bundler, scene.url, plan, ours)).toMatchObject({ outcome: 'merged', attempts: 2 });
    }
  });
});
