import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { etag } from 'remerge';
import { files, type Adapter, type Json } from '../adapter.ts';
import { start } from '../process.ts';

const program = '/usr/sbin/nginx';

/** A folder, as nginx' own module for WebDAV serves it. It shows strong tags, and looks at none. */
export const nginx: Adapter<Json> = {
  name: 'nginx',
  title: 'nginx dav',
  from: { packages: ['nginx-light'], program },
  async start({ folder, port }) {
    const root = join(folder, 'root');
    await mkdir(root);
    const settings = join(folder, 'nginx.conf');
    await writeFile(
      settings,
      [
        'daemon off; master_process off;',
        `pid ${join(folder, 'nginx.pid')}; error_log stderr;`,
        'events {}',
        'http {',
        '  access_log off; default_type application/json;',
        `  client_body_temp_path ${join(folder, 'bodies')}; proxy_temp_path ${join(folder, 'proxy')};`,
        `  fastcgi_temp_path ${join(folder, 'fastcgi')}; uwsgi_temp_path ${join(folder, 'uwsgi')};`,
        `  scgi_temp_path ${join(folder, 'scgi')};`,
        `  server { listen 127.0.0.1:${port}; root ${root}; dav_methods PUT DELETE; }`,
        '}',
        '',
      ].join('\n'),
    );
    return start({ program, args: ['-c', settings, '-p', folder], folder, url: `http://127.0.0.1:${port}/` });
  },
  route: () => ({ version: etag() }),
  ...files,
  unsafe: 'it looks at no precondition',
};
