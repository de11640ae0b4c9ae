import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScene } from '../neutral/scene.ts';
import { openChromium } from './chromium.ts';
import { chromium, firefox, webkit } from './engines.ts';
import { openFirefox } from './firefox.ts';
import { openSite, type Site, type Tab } from './tab.ts';
import { openWebKit } from './webkit.ts';

const plan = { title: 'Plan', body: 'Milk' };
const ours = { title: 'Food', body: 'Milk' };
const theirs = { title: 'Plan', body: 'Eggs' };

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.stop());

describe.for([
  { engine: chromium, open: openChromium, agent: /HeadlessChrome\// },
  { engine: firefox, open: openFirefox, agent: /Gecko\/.* Firefox\// },
  { engine: webkit, open: openWebKit, agent: /AppleWebKit\/(?!.*Chrome)/ },
])('the built package on a page in $engine.title', ({ engine, open, agent }) => {
  let tab: Tab;
  beforeAll(async () => {
    if (engine.path !== undefined) tab = await open(site.url);
  }, 60_000);
  afterAll(async () => {
    if (engine.path !== undefined) await tab.close();
  });
  const test = it.skipIf(engine.path === undefined);

  test('is in that engine, and built for production', async () => {
    expect(await tab.look('navigator.userAgent')).toMatch(agent);
    const script = String(await tab.look('document.scripts[0].text'));
    expect(script).toContain('if-match');
    expect(script).not.toContain('there is no such option');
  });

  test('merges a write that meets a conflict, and writes it under the fresh version', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    expect(await tab.call('save', scene.url, plan, ours)).toEqual({
      status: 204,
      outcome: 'merged',
      attempts: 2,
    });
    expect(await scene.log()).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(await scene.value()).toEqual({ title: 'Food', body: 'Eggs' });
  });

  test('updates by a handle where somebody was faster', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', times: 1, meanwhile: theirs });
    expect(await tab.call('rename', scene.url, 'Food')).toEqual({
      status: 204,
      outcome: 'merged',
      attempts: 2,
    });
    expect(await scene.value()).toMatchObject({ title: 'Food', body: 'Eggs' });
  });

  // Under automation WebKitGTK keeps no cache, so there is nothing to pass.
  it.skipIf(engine.path === undefined || engine === webkit)(
    'passes what the page has in its cache',
    async () => {
      const scene = await openScene(plan);
      await scene.treat({ method: 'GET', headers: { 'cache-control': 'max-age=60' } });
      const read = `fetch(${JSON.stringify(scene.url)}).then((response) => response.json())`;
      expect([await tab.look(read), await tab.look(read)]).toEqual([plan, plan]);
      expect(await scene.log()).toEqual(['GET 200 "v1"']);
      await scene.store(theirs);
      expect(await tab.call('save', scene.url, plan, ours)).toMatchObject({ outcome: 'merged' });
      expect(await scene.value()).toEqual({ title: 'Food', body: 'Eggs' });
    },
  );

  test('looks into a lost answer, and sends nothing twice that was made', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', times: 1, lose: 'after' });
    expect(await tab.call('save', scene.url, plan, ours)).toMatchObject({ outcome: 'already-applied' });
    expect(await scene.log()).toEqual(['PUT 204 lost "v1"', 'GET 200 "v2"']);
  });

  test('names the header that hides the version', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    await scene.treat({ method: 'GET', headers: { 'access-control-expose-headers': '' } });
    const told = await tab.call('save', scene.url, plan, ours);
    expect(told).toMatchObject({ status: 412, outcome: 'failed', code: 'version-hidden' });
    expect(told.message).toContain('Access-Control-Expose-Headers: ETag');
    expect(await scene.value()).toEqual(theirs);
  });
});
