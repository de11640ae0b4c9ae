import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openScene, type Scene } from '../neutral/scene.ts';
import { openBackground, type BackgroundTab } from './background.ts';
import { openChromium, type ChromiumTab } from './chromium.ts';
import { chromium } from './engines.ts';
import { openSite, type Site, type Tab } from './tab.ts';

const plan = { title: 'Plan', body: 'Milk' };
const ours = { title: 'Food', body: 'Milk' };
const theirs = { title: 'Plan', body: 'Eggs' };
const both = { title: 'Food', body: 'Eggs' };

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.stop());

/** Waits until something has happened to the page's write, so many times. */
async function happens(tab: Tab, kind: string, times = 1): Promise<void> {
  while ((await tab.call('seen')).filter((each) => each === kind).length < times);
}

describe.skipIf(chromium.path === undefined)('a page of Chromium', () => {
  let tab: ChromiumTab;
  let scene: Scene;
  beforeEach(async () => {
    tab = await openChromium(site.url);
    scene = await openScene(plan);
  });
  afterEach(() => tab.close());

  describe('that is offline', () => {
    it('is told that nobody knows, as a page never hears whether a request has left', async () => {
      await tab.context.setOffline(true);
      const told = await tab.call('save', scene.url, plan, ours, { limit: 2 });
      expect(told).toMatchObject({
        outcome: 'failed',
        code: 'outcome-unknown',
        maybeApplied: true,
        attempts: 1,
      });
      expect(await scene.log()).toEqual([]);
      expect(await tab.look('navigator.onLine')).toBe(false);
    });

    it('sends its write when it is back, within its bounds', async () => {
      await tab.context.setOffline(true);
      const saving = tab.call('save', scene.url, plan, ours, { limit: 100, delay: 50 });
      await happens(tab, 'wait');
      await tab.context.setOffline(false);
      expect(await saving).toMatchObject({ status: 204, outcome: 'applied' });
      expect(await scene.log()).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
      expect(await scene.value()).toEqual(ours);
    });

    it.each([
      [false, 'merged', both],
      [true, 'failed', theirs],
    ] as const)(
      'merges its write when it is back, and others have written, if nobody takes back: may they? %s',
      async (reverts, outcome, left) => {
        await tab.context.setOffline(true);
        const saving = tab.call('save', scene.url, plan, ours, { limit: 100, delay: 50, reverts });
        await happens(tab, 'wait');
        await scene.store(theirs);
        await tab.context.setOffline(false);
        expect(await saving).toMatchObject({ outcome });
        expect(await scene.value()).toEqual(left);
      },
    );

    it('does not make twice what was made before it went offline', async () => {
      await scene.treat({ method: 'PUT', times: 1, lose: 'after' });
      const saving = tab.call('save', scene.url, plan, ours, { limit: 100, delay: 200 });
      await happens(tab, 'wait');
      await tab.context.setOffline(true);
      await happens(tab, 'wait', 2);
      expect(await scene.log()).toEqual(['PUT 204 lost "v1"']);
      await tab.context.setOffline(false);
      expect(await saving).toMatchObject({ outcome: 'already-applied' });
      expect(await scene.log()).toEqual(['PUT 204 lost "v1"', 'GET 200 "v2"']);
    });
  });

  describe('that goes away as it writes', () => {
    it('has its keepalive write made all the same', async () => {
      await tab.page.evaluate(
        `void page.save(${JSON.stringify(scene.url)}, {}, ${JSON.stringify(ours)}, { keepalive: true })`,
      );
      await tab.page.goto('about:blank');
      await scene.sees('PUT 204 "v1"');
      expect(await scene.value()).toEqual(ours);
    });
  });
});

describe.skipIf(chromium.path === undefined)('a page that came by plain http', () => {
  it('stamps its writes, though it has no crypto.randomUUID', async () => {
    const url = new URL(site.url);
    const tab = await openChromium(
      `http://app.test:${url.port}/`,
      '--host-resolver-rules=MAP app.test 127.0.0.1',
    );
    try {
      expect(await tab.look('[isSecureContext, typeof crypto.randomUUID]')).toEqual([false, 'undefined']);
      const scene = await openScene(plan);
      expect(await tab.call('rename', scene.url, 'Food')).toMatchObject({ outcome: 'applied' });
      expect(await scene.value()).toMatchObject({
        title: 'Food',
        lastWrite: expect.stringMatching(/^[\w-]{32,}$/) as string,
      });
    } finally {
      await tab.close();
    }
  });
});

describe.skipIf(chromium.path === undefined)('a page in the background, in the midst of a recovery', () => {
  let tab: BackgroundTab;
  let scene: Scene;
  beforeEach(async () => {
    tab = await openBackground(site.url);
    scene = await openScene(plan);
    await tab.look(`['freeze', 'resume', 'visibilitychange'].forEach((name) =>
      document.addEventListener(name, () => (document.title += ' ' + name)))`);
  });
  afterEach(() => tab.close());

  it('comes through while it is hidden', async () => {
    await scene.treat({ method: 'PUT', times: 1, lose: 'before' });
    const saving = tab.call('save', scene.url, plan, ours, { delay: 100 });
    await happens(tab, 'wait');
    await tab.hide();
    expect(await saving).toMatchObject({ outcome: 'applied' });
    expect(await tab.look('[document.title, document.visibilityState]')).toEqual([
      'remerge visibilitychange',
      'hidden',
    ]);
  });

  it('does nothing while it is frozen, and then goes on with what is there by then', async () => {
    await scene.treat({ method: 'PUT', times: 1, lose: 'before' });
    await tab.hide();
    const saving = tab.call('save', scene.url, plan, ours, { delay: 100, reverts: false });
    await happens(tab, 'wait');
    await tab.freeze();
    await scene.store(theirs);
    expect(await scene.log()).toEqual(['PUT lost "v1"']);
    await tab.wake();
    expect(await saving).toMatchObject({ outcome: 'merged' });
    expect(await scene.log()).toEqual(['PUT lost "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(await scene.value()).toEqual(both);
    expect(await tab.look('document.title')).toBe('remerge visibilitychange freeze resume');
  });
});
