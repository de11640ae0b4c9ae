import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { webdav } from 'remerge/presets';
import { files, type Adapter, type Json } from '../adapter.ts';
import { start, type Place, type Running } from '../process.ts';

const program = '/usr/sbin/apache2';
const modules = ['mpm_event', 'authz_core', 'dav', 'dav_fs'];
const slow = 'its tag is weak for a second after each write, so 32 writes of one file take as many seconds';

/** WebDAV, as Apache's mod_dav serves a folder. Its tags are made of a file's time and size. */
export const apache: Adapter<Json> = {
  name: 'apache',
  title: 'Apache mod_dav',
  from: { packages: ['apache2-bin'], program },
  start: (place) => startApache(place),
  route: () => ({ server: webdav() }),
  ...files,
  version: ({ headers }) => headers.get('etag')?.replace(/^W\//, '') ?? null,
  weakAtFirst: true,
  skips: { writers: slow, updates: slow },
};

/** The same, with tags that are made of what the file holds: strong at once. */
export const apacheDigest: Adapter<Json> = {
  ...apache,
  name: 'apache-digest',
  title: 'Apache mod_dav, FileETag Digest',
  start: (place) => startApache(place, 'FileETag Digest'),
  weakAtFirst: false,
  racy: 'its check and its write are not one step',
  skips: {},
};

async function startApache({ folder, port }: Place, more = ''): Promise<Running> {
  const root = join(folder, 'root');
  await mkdir(root);
  // It doesn't work as root, but as somebody who has nothing here.
  for (const path of [folder, root]) await chmod(path, 0o777);
  const settings = join(folder, 'apache.conf');
  await writeFile(
    settings,
    [
      ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
      `ServerName 127.0.0.1\nListen 127.0.0.1:${port}`,
      ...(getuid?.() === 0 ? ['User www-data\nGroup www-data'] : []),
      `PidFile ${join(folder, 'apache.pid')}\nDefaultRuntimeDir ${folder}\nErrorLog ${join(folder, 'errors.txt')}`,
      `DocumentRoot ${root}\nDavLockDB ${join(folder, 'locks')}`,
      `<Directory ${root}>\n  Dav On\n  Require all granted\n  ForceType application/json\n</Directory>\n${more}\n`,
    ].join('\n'),
  );
  const args = ['-DFOREGROUND', '-f', settings, '-d', folder];
  return start({ program, args, folder, url: `http://127.0.0.1:${port}/` });
}
