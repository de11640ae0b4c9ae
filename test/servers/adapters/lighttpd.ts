import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { webdav } from 'remerge/presets';
import { files, type Adapter, type Json } from '../adapter.ts';
import { start } from '../process.ts';

const program = '/usr/sbin/lighttpd';

/** WebDAV, as lighttpd's mod_webdav serves a folder. */
export const lighttpd: Adapter<Json> = {
  name: 'lighttpd',
  title: 'lighttpd mod_webdav',
  from: { packages: ['lighttpd', 'lighttpd-mod-webdav'], program },
  async start({ folder, port }) {
    const root = join(folder, 'root');
    await mkdir(root);
    const settings = join(folder, 'lighttpd.conf');
    await writeFile(
      settings,
      [
        'server.modules = ("mod_webdav")',
        'server.bind = "127.0.0.1"',
        `server.port = ${port}`,
        `server.document-root = "${root}"`,
        `server.upload-dirs = ("${folder}")`,
        'mimetype.assign = (".json" => "application/json")',
        'webdav.activate = "enable"',
        '',
      ].join('\n'),
    );
    return start({ program, args: ['-D', '-f', settings], folder, url: `http://127.0.0.1:${port}/` });
  },
  route: () => ({ server: webdav() }),
  ...files,
};
