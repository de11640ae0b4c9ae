import { defineMerge } from 'remerge';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sides } from 'remerge';
import { webdav } from 'remerge/presets';
import { merge } from 'remerge/merge';
import type { Adapter } from '../adapter.ts';
import { start } from '../process.ts';

const program = '/usr/bin/radicale';
const authorization = `Basic ${btoa('u:x')}`;
const path = (id: string): string => `u/notes/${id}.ics`;
const line = /^X-NOTE-(\w+):(.*)$/gm;

/** CalDAV, as Radicale serves it. A document is an event, and an edit a property of it. */
export const radicale: Adapter<string> = {
  name: 'radicale',
  title: 'Radicale (CalDAV)',
  from: { packages: ['radicale'], program },
  async start({ folder, port }) {
    const settings = join(folder, 'config');
    await writeFile(
      settings,
      [
        `[server]\nhosts = 127.0.0.1:${port}`,
        '[auth]\ntype = none',
        `[storage]\nfilesystem_folder = ${join(folder, 'collections')}`,
        '[web]\ntype = none',
        '[logging]\nlevel = warning\n',
      ].join('\n'),
    );
    return start({ program, args: ['--config', settings], folder, url: `http://127.0.0.1:${port}/` });
  },
  prepare: [{ path: 'u/notes/', method: 'MKCALENDAR', headers: { authorization } }],
  route: () => ({ merge: defineMerge(mergeEvents, { repeatable: true }), server: webdav() }),
  read: (id) => ({ path: path(id), headers: { authorization } }),
  write: (id, event) => put(path(id), event),
  create: (id, event) => put(path(id), event, { 'if-none-match': '*' }),
  remove: (id) => ({ path: path(id), method: 'DELETE', headers: { authorization } }),
  draft: (id) => eventOf(id, { title: 'new' }),
  edit,
  edits,
  version: ({ headers }) => headers.get('etag'),
  permanent: {
    what: 'an event whose UID stands under another name',
    ask: (id, event) => put(path(`${id}-again`), event, { 'if-none-match': '*' }),
  },
};

function eventOf(id: string, notes: Readonly<Record<string, string>>): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//remerge//test//EN',
    'BEGIN:VEVENT',
    `UID:${id}`,
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20260101T000000Z',
    'SUMMARY:A note',
    ...Object.entries(notes).map(([name, value]) => `X-NOTE-${name.toUpperCase()}:${value}`),
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

function edits(event: string): Readonly<Record<string, string>> {
  const lines = [...event.replaceAll('\r', '').matchAll(line)];
  return Object.fromEntries(lines.map(([, name = '', value = '']) => [name.toLowerCase(), value]));
}

function edit(event: string, name: string, value: string): string {
  return withEdits(event, { ...edits(event), [name]: value });
}

function withEdits(event: string, notes: Readonly<Record<string, string>>): string {
  const lines = event.split('\r\n').filter((text) => !text.startsWith('X-NOTE-'));
  const written = Object.entries(notes).map(([name, text]) => `X-NOTE-${name.toUpperCase()}:${text}`);
  return lines.flatMap((text) => (text === 'END:VEVENT' ? [...written, text] : [text])).join('\r\n');
}

/** The server sorts the lines anew, so properties are merged, and not lines. */
function mergeEvents({ base, local, remote }: Sides): string {
  const [before, ours, theirs] = [base, local, remote].map((state) =>
    typeof state === 'string' ? edits(state) : undefined,
  );
  const { value } = merge({ base: before, local: ours ?? {}, remote: theirs ?? {} });
  return typeof remote === 'string' ? withEdits(remote, value) : '';
}

function put(path: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  return {
    path,
    method: 'PUT',
    headers: { authorization, 'content-type': 'text/calendar', ...headers },
    body,
  };
}
