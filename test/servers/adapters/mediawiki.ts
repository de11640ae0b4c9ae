import { defineMerge } from 'remerge';
import { execFile } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sides } from 'remerge';
import { merge } from 'remerge/merge';
import { mediawiki as preset } from 'remerge/presets';
import { sendJson, type Adapter } from '../adapter.ts';
import { start } from '../process.ts';

interface Page {
  readonly source: string;
  readonly latest?: { readonly id: number };
  readonly title?: string;
}

const program = '/usr/bin/php';
const code = '/usr/share/mediawiki';
const line = /^\* (\w+): (.*)$/gm;
const pages = 'rest.php/v1/page';
const path = (id: string): string => `${pages}/${titleOf(id)}`;
const never = 'the REST API of this version deletes nothing';

/** A wiki, as MediaWiki's REST API serves it from SQLite. An edit is a line of the page's list. */
export const mediawiki: Adapter<Page> = {
  name: 'mediawiki',
  title: 'MediaWiki REST',
  from: {
    packages: ['mediawiki', 'php-cli', 'php-sqlite3', 'php-mbstring', 'php-xml', 'php-intl'],
    program,
  },
  async start({ folder, port }) {
    const url = `http://127.0.0.1:${port}/`;
    const settings = {
      dbtype: 'sqlite',
      dbpath: folder,
      dbname: 'wiki',
      server: url.slice(0, -1),
      scriptpath: '',
      pass: 'a long word for tests',
      confpath: folder,
    };
    const said = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    await promisify(execFile)(program, [join(code, 'maintenance/install.php'), ...said, 'Notes', 'admin']);
    const file = join(folder, 'LocalSettings.php');
    await appendFile(file, '\n$wgRateLimits = []; $wgMainCacheType = CACHE_NONE;\n');
    const running = await start({
      program,
      args: ['-S', `127.0.0.1:${port}`, '-t', code],
      folder,
      env: { MW_CONFIG_FILE: file },
      url: `${url}rest.php/v1/page/Main_Page`,
    });
    return { ...running, url: new URL(url) };
  },
  route: (id) => ({
    merge: defineMerge(mergePages, { repeatable: true }),
    methods: ['POST', 'PUT'],
    server: { ...preset(), create: { method: 'POST', find: () => `/${path(id)}` } },
  }),
  read: (id) => ({ path: path(id) }),
  write: (id, page) => send('PUT', path(id), page),
  create: (id, page) => send('POST', pages, { ...page, title: titleOf(id) }),
  remove: (id) => ({ path: path(id), method: 'DELETE' }),
  draft: () => pageOf({ title: 'new' }),
  edit: (page, name, value) => ({ ...page, ...pageOf({ ...edits(page), [name]: value }) }),
  edits,
  bare: ({ source }) => ({ source }),
  version: ({ state }) => String(state.latest?.id),
  // It names the rendered page. As If-Match it is refused for ever.
  decoy: ({ headers }) => headers.get('etag'),
  permanent: {
    what: 'a page made anew that exists',
    ask: (id, { source }) => send('PUT', path(id), { source }),
  },
  skips: { delete: never, gone: never },
  merges: true,
};

function titleOf(id: string): string {
  return `D${id.slice(1)}`;
}

function pageOf(notes: Readonly<Record<string, string>>): Page {
  return {
    source: Object.entries(notes)
      .map(([name, value]) => `* ${name}: ${value}`)
      .join('\n'),
  };
}

function edits({ source }: Page): Readonly<Record<string, string>> {
  return Object.fromEntries([...source.matchAll(line)].map(([, name = '', value = '']) => [name, value]));
}

/** Neighbouring lines are a conflict to every merge of lines, the wiki's own included. To who knows the list they are none. */
function mergePages({ base, local, remote }: Sides): Page {
  const [ours, theirs] = [local as Page, remote as Page];
  const sides = {
    base: base === undefined ? undefined : edits(base as Page),
    local: edits(ours),
    remote: edits(theirs),
  };
  return { ...theirs, ...ours, ...pageOf(merge(sides).value) };
}

function send(method: string, path: string, page: Page) {
  // The token of who isn't logged in.
  return sendJson(method, path, { ...page, comment: 'An edit', token: '+\\' });
}
