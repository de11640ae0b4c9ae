import type { Browser } from 'playwright';
import type { RunningExample } from '../../docs/examples/notes/start.ts';
import { NoteWindow } from './window.ts';

const note = {
  title: 'Trip',
  body: 'tent\nlamp\nbook',
  tags: ['june'],
  due: '2030-06-01',
  votes: 0,
  savedBy: 'Cleo',
};

/** Puts the note back to where each test begins. */
export async function resetNote({ url }: RunningExample): Promise<void> {
  const there = await fetch(`${url}notes/1`);
  const headers = { 'content-type': 'application/json', 'if-match': there.headers.get('etag') ?? '' };
  const { status } = await fetch(`${url}notes/1`, { method: 'PUT', headers, body: JSON.stringify(note) });
  if (status !== 204) throw new Error(`The note can't be put back: ${String(status)}`);
}

/** The note as the server has it. */
export async function noteAt({ url }: RunningExample): Promise<typeof note> {
  return (await (await fetch(`${url}notes/1`)).json()) as typeof note;
}

/** A window for each person: not two tabs, as a browser draws the one in front only. Closing is up to the caller. */
export async function openWindows(browser: Browser, { url }: RunningExample) {
  const context = await browser.newContext();
  const ann = NoteWindow.open(await context.newPage(), url, 'Ann');
  const opened = context.waitForEvent('page');
  await (await ann).page.evaluate(() => void window.open('about:blank', '', 'popup'));
  return { ann: await ann, ben: await NoteWindow.open(await opened, url, 'Ben'), context };
}
