import axe, { type AxeResults } from 'axe-core';
import { chromium as driver, type Browser, type Page } from 'playwright';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startExample, type RunningExample } from '../../docs/examples/notes/start.ts';
import '../package/built.ts';
import { chromium, launch } from '../browser/engines.ts';
import { noteAt, openWindows, resetNote } from './stage.ts';
import { NoteWindow } from './window.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let example: RunningExample;
let browser: Browser;

/** Two people with a window each. */
async function windows() {
  const stage = await openWindows(browser, example);
  onTestFinished(() => stage.context.close());
  return stage;
}

/** Ann and Ben give the note different titles, and Ann is asked, as she saves last. */
async function clash(ann: NoteWindow, ben: NoteWindow, mine = 'Journey', theirs = 'Voyage'): Promise<void> {
  await ann.type('Title', mine);
  await ben.type('Title', theirs);
  await ben.save();
  await ben.says('Saved.');
  await ann.says('Ben has saved. Your save will be merged with it.');
  await ann.save();
  await ann.dialog.waitFor();
}

/** What the server answered to writes since the test began. */
const writes = () => example.log.slice(begun).filter((line) => line.startsWith('PUT'));
let begun = 0;

describe.skipIf(chromium.path === undefined)('the example', () => {
  beforeAll(async () => {
    browser = await driver.launch(launch);
    example = await startExample(0);
    return () => Promise.all([browser.close(), example.close()]);
  });
  beforeEach(async () => {
    await resetNote(example);
    begun = example.log.length;
  });

  describe('two people who save different changes', () => {
    it('both get both, and see what came from the other and what it took', async () => {
      const { ann, ben } = await windows();
      await ann.type('Title', 'Journey');
      await ann.type('Text', 'big tent\nlamp\nbook');
      await ann.type('Tags', 'june, hills');
      await ben.type('Text', 'tent\nlamp\nmap');
      await ben.type('Tags', 'june, lake');
      await ben.save();
      await ben.says('Saved.');
      await ann.says('Ben has saved. Your save will be merged with it.');
      await ann.save();

      await ann.says('Saved, and merged with Ben: text, tags.');
      const both = ['Journey', 'big tent\nlamp\nmap', 'june, lake, hills'];
      expect(await ann.note()).toEqual(both);
      expect(await ann.marks()).toEqual(['Title', 'Text merged with Ben', 'Tags merged with Ben', 'Due']);
      const [, stale = '', fresh = ''] =
        /^PUT 412 (.+),GET 200 (.+),merge,PUT 204 \2$/.exec(String(await ann.log())) ?? [];
      expect(writes()).toEqual([`PUT 204 ${stale}`, `PUT 412 ${stale}`, `PUT 204 ${fresh}`]);

      await ben.says('Ann changed: title, text, tags.');
      expect(await ben.note()).toEqual(both);
    });

    it('keep what is typed while a save is on its way', async () => {
      const { ann } = await windows();
      const held = Promise.withResolvers<undefined>();
      const asked = Promise.withResolvers<undefined>();
      await ann.page.route('**/notes/1', async (route) => {
        if (route.request().method() === 'PUT') {
          asked.resolve(undefined);
          await held.promise;
        }
        await route.continue();
      });
      await ann.type('Title', 'Journey');
      await ann.save();
      await asked.promise;
      await ann.type('Title', 'Journey by boat');
      held.resolve(undefined);
      await ann.says('Saved.');
      expect((await ann.note())[0]).toBe('Journey by boat');
      expect((await noteAt(example)).title).toBe('Journey');
    });

    it('see no older state come back by an answer that is late', async () => {
      const { ann, ben } = await windows();
      const held = Promise.withResolvers<undefined>();
      const asked = Promise.withResolvers<undefined>();
      await ann.page.route(
        '**/notes/1',
        async (route) => {
          const response = await route.fetch();
          asked.resolve(undefined);
          await held.promise;
          await route.fulfill({ response });
        },
        { times: 1 },
      );
      await ben.type('Tags', 'june, lake');
      await ben.save();
      await asked.promise;
      await ann.type('Title', 'Journey');
      await ann.save();
      await ann.says('Saved, and merged with Ben: tags.');
      const late = ann.page.waitForResponse('**/notes/1');
      held.resolve(undefined);
      await (await late).finished();
      await ann.vote();
      await ann.page.getByText('1 vote').waitFor();
      expect(await ann.note()).toEqual(['Journey', 'tent\nlamp\nbook', 'june, lake']);
      expect(await ann.marks()).toEqual(['Title', 'Text', 'Tags from Ben', 'Due']);
    });

    it('lose no vote, and no typed word by voting', async () => {
      const { ann, ben } = await windows();
      await ann.type('Title', 'Journey');
      for (let round = 0; round < 5; round += 1) await Promise.all([ann.vote(), ben.vote()]);
      await Promise.all([ann, ben].map(({ page }) => page.getByText('10 votes').waitFor()));
      await ann.save();
      await ann.says('Saved.');
      expect(await noteAt(example)).toMatchObject({ title: 'Journey', votes: 10 });
    });
  });

  describe('two people who change the same field', () => {
    it('are shown before, mine and theirs, and solve it by mouse', async () => {
      const { ann, ben } = await windows();
      await clash(ann, ben);
      const question = ann.dialog.getByRole('group', { name: 'Title' });
      const sides = await question.locator('.side').allInnerTexts();
      expect(sides.map((side) => side.trim())).toEqual([
        'Before\nTrip',
        'Mine\nJourney',
        "Ben's\nVoyage",
        'Something else',
      ]);
      expect(await ann.dialog.getByRole('group').count()).toBe(1);

      await ann.choice('Title', 'Mine').click();
      await ann.answer();
      await ann.says('Saved.');
      await ben.says('Ann changed: title.');
      expect((await ben.note())[0]).toBe('Journey');
    });

    it('choose for each field by itself, and with words of their own', async () => {
      const { ann, ben } = await windows();
      await ann.type('Text', 'big tent\nlamp\nbook');
      await ben.type('Text', 'small tent\nlamp\nbook');
      await clash(ann, ben);
      await ann.choice('Title', "Ben's").click();
      await ann.dialog.getByRole('textbox').last().fill('both tents\nlamp\nbook');
      await ann.answer();
      await ann.says('Saved, and merged with Ben: title, text.');
      expect(await ann.note()).toEqual(['Voyage', 'both tents\nlamp\nbook', 'june']);
      expect(await noteAt(example)).toMatchObject({ title: 'Voyage', body: 'both tents\nlamp\nbook' });
    });

    it('have to choose', async () => {
      const { ann, ben } = await windows();
      await clash(ann, ben);
      await ann.answer();
      expect(await ann.choice('Title', 'Mine').evaluate((radio) => radio.matches(':invalid'))).toBe(true);
      expect(await ann.dialog.isVisible()).toBe(true);
    });

    it('solve it by keyboard alone', async () => {
      const { ann, ben } = await windows();
      const { keyboard } = ann.page;
      const focused = () => ann.page.evaluate(() => (document.activeElement as HTMLInputElement).value);
      await keyboard.press('Tab');
      expect(await focused()).toBe('Trip');
      await keyboard.type('Journey');
      await ben.type('Title', 'Voyage');
      await ben.save();
      await ann.says('Ben has saved. Your save will be merged with it.');
      await keyboard.press('Enter');
      await ann.dialog.waitFor();

      expect(await ann.dialog.evaluate((dialog) => dialog.matches(':modal'))).toBe(true);
      expect(await focused()).toBe('local');
      await keyboard.press('ArrowDown');
      await keyboard.press('ArrowDown');
      expect(await focused()).toBe('own');
      await keyboard.press('Tab');
      await keyboard.press('ControlOrMeta+A');
      await keyboard.type('Journey by ship');
      await keyboard.press('Tab');
      await keyboard.press('Enter');
      await ann.says('Saved, and merged with Ben: title.');
      expect(await focused()).toBe('Journey by ship');
      expect((await noteAt(example)).title).toBe('Journey by ship');
    });

    it('may leave it by Escape: nothing is written, nothing typed is lost, and they are asked again', async () => {
      const { ann, ben } = await windows();
      await clash(ann, ben);
      await ann.page.keyboard.press('Escape');
      await ann.says('Not saved. What you typed is still here.');
      expect((await ann.note())[0]).toBe('Journey');
      expect((await noteAt(example)).title).toBe('Voyage');

      await ann.save();
      await ann.choice('Title', 'Mine').click();
      await ann.answer();
      await ann.says('Saved.');
      expect((await noteAt(example)).title).toBe('Journey');

      // An answer to one question is none to the next.
      await ben.says('Ann changed: title.');
      await clash(ann, ben, 'Ride', 'Walk');
      await ann.page.keyboard.press('Escape');
      await ann.says('Not saved. What you typed is still here.');
      expect((await noteAt(example)).title).toBe('Walk');
    });

    it('take as long as it takes, and what others save meanwhile is merged, or asked about', async () => {
      const { ann, ben, context } = await windows();
      await context.clock.install();
      await clash(ann, ben);
      await context.clock.fastForward('08:00:00');
      await ben.type('Tags', 'june, lake');
      await ben.type('Title', 'Voyage by night');
      await ben.save();
      await ben.says('Saved.');

      await ann.choice('Title', 'Mine').click();
      await ann.answer();
      await ann.dialog.getByText('Voyage by night').waitFor();
      await context.clock.fastForward('08:00:00');
      await ann.choice('Title', 'Mine').click();
      await ann.answer();
      await ann.says('Saved, and merged with Ben: tags.');
      expect(await noteAt(example)).toMatchObject({ title: 'Journey', tags: ['june', 'lake'] });
    });
  });

  describe('whoever needs it otherwise', () => {
    /** What axe has to say of all that is seen, and what it looked at. */
    async function look(page: Page) {
      for (const frame of page.frames()) await frame.evaluate(axe.source);
      const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
      return { faults: violations.map(({ id, nodes }) => `${id}: ${String(nodes[0]?.html)}`), passes };
    }

    it.for(['light', 'dark'] as const)('finds page and dialog accessible: %s', async (colorScheme) => {
      const { ann, ben } = await windows();
      await ann.page.emulateMedia({ colorScheme });
      await ben.type('Text', 'map');
      await clash(ann, ben);
      const dialog = await look(ann.page);
      expect(dialog.faults).toEqual([]);
      expect(dialog.passes.map(({ id }) => id)).toContain('color-contrast');

      await ann.choice('Title', "Ben's").click();
      expect((await look(ann.page)).faults).toEqual([]);
      await ann.answer();
      await ann.says('Saved, and merged with Ben: title, text.');
      expect((await look(ann.page)).faults).toEqual([]);
    });

    it('finds the page with both windows accessible', async () => {
      const { ann } = await windows();
      await ann.page.goto(example.url);
      for (const name of ['Ann', 'Ben']) await NoteWindow.within(ann.page, name);
      expect((await look(ann.page)).faults).toEqual([]);
    });

    it('has a fault noticed', async () => {
      const { ann } = await windows();
      await ann.page.locator('label[for=title]').evaluate((label) => label.remove());
      expect((await look(ann.page)).faults).toEqual([expect.stringMatching(/^label: .*id="title"/)]);
    });

    it('sees all of it in a narrow window', async () => {
      const { ann, ben } = await windows();
      await ann.page.setViewportSize({ width: 320, height: 640 });
      await clash(ann, ben);
      for (const place of ['html', 'dialog']) {
        const { right, hidden } = await ann.page.locator(place).evaluate((element) => ({
          right: element.getBoundingClientRect().right,
          hidden: element.scrollWidth - element.clientWidth,
        }));
        expect(right, place).toBeLessThanOrEqual(320);
        expect(hidden, place).toBe(0);
      }
    });
  });
});
