import { join } from 'node:path';
import { chromium, type Browser } from 'playwright';
import { startExample, type RunningExample } from '../../docs/examples/notes/start.ts';
import { launch } from '../browser/engines.ts';
import { NoteWindow } from './window.ts';

const folder = join(import.meta.dirname, '../../docs/images');

/** Windows that look the same wherever this runs. */
const look = { locale: 'en-GB', colorScheme: 'light', deviceScaleFactor: 1.5 } as const;

/** Both windows, after a save that met another one. */
async function merged(browser: Browser, { url }: RunningExample): Promise<void> {
  const page = await browser.newPage({ ...look, viewport: { width: 860, height: 836 } });
  await page.goto(url);
  const ann = await NoteWindow.within(page, 'Ann');
  const ben = await NoteWindow.within(page, 'Ben');
  await ann.type('Title', 'A weekend in the hills');
  await ann.type('Text', 'Bring:\n- the big tent\n- a lamp\n- something to read');
  await ben.type('Text', 'Bring:\n- the tent\n- a lamp\n- something to read\n- rain coats');
  await ben.type('Tags', 'trip, family');
  await ben.save();
  await ben.says('Saved.');
  await ann.says('Ben has saved. Your save will be merged with it.');
  await ann.save();
  await ben.says('Ann changed: title, text.');
  await page.screenshot({ path: join(folder, 'notes-merged.png') });
  await page.close();
}

/** The question that two different titles raise. */
async function question(browser: Browser, { url }: RunningExample): Promise<void> {
  const context = await browser.newContext({ ...look, viewport: { width: 800, height: 480 } });
  const ann = await NoteWindow.open(await context.newPage(), url, 'Ann');
  const ben = await NoteWindow.open(await context.newPage(), url, 'Ben');
  await ann.type('Title', 'Two days in the hills');
  await ben.type('Title', 'A week in the hills');
  await ben.save();
  await ben.says('Saved.');
  await ann.page.bringToFront();
  await ann.save();
  await ann.choice('Title', 'Mine').click();
  await ann.page.screenshot({ path: join(folder, 'notes-question.png') });
  await context.close();
}

const [example, browser] = await Promise.all([startExample(0), chromium.launch(launch)]);
try {
  await merged(browser, example);
  await question(browser, example);
} finally {
  await browser.close();
  await example.close();
}
