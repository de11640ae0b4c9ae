import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { list, threeWay } from 'remerge';
import { nodeRed as preset } from 'remerge/presets';
import type { Adapter, Json } from '../adapter.ts';
import { binary, start } from '../process.ts';

interface Tab {
  readonly id: string;
  readonly type: 'tab';
  readonly label: string;
}
interface Flows {
  readonly flows: readonly Tab[];
  readonly rev?: string;
}

const headers = { 'node-red-api-version': 'v2', 'content-type': 'application/json' };
const one = 'there is one set of flows, and it is always there';

/** The flows of a Node-RED: one document, that every editor writes. An edit is a tab. */
export const nodeRed: Adapter<Flows> = {
  name: 'node-red',
  title: 'Node-RED admin API',
  from: 'npm',
  async start({ folder, port }) {
    const settings = join(folder, 'settings.js');
    const said: Json = { uiHost: '127.0.0.1', uiPort: port, telemetry: { enabled: false } };
    await writeFile(settings, `module.exports = ${JSON.stringify(said)};\n`);
    return start({
      program: execPath,
      args: [binary('node-red'), '-s', settings, '-u', folder],
      folder,
      url: `http://127.0.0.1:${port}/flows`,
    });
  },
  route: () => ({ merge: threeWay({ '/flows': list({ key: 'id' }) }), server: preset() }),
  read: () => ({ path: 'flows', headers }),
  write: (_, state) => post(state),
  create: (_, state) => post(state),
  remove: () => ({ path: 'flows', method: 'DELETE' }),
  draft: () => ({ flows: [{ id: 'title', type: 'tab', label: 'new' }] }),
  edit: ({ flows, ...rest }, name, value) => {
    const isThere = flows.some(({ id }) => id === name);
    const tabs = isThere ? flows : [...flows, { id: name, type: 'tab', label: value } as const];
    return { ...rest, flows: tabs.map((tab) => (tab.id === name ? { ...tab, label: value } : tab)) };
  },
  edits: ({ flows }) => Object.fromEntries(flows.map(({ id, label }) => [id, label])),
  bare: ({ flows }) => ({ flows }),
  version: ({ state }) => state.rev ?? null,
  // Express' hash of the answer's own bytes.
  decoy: ({ headers }) => headers.get('etag'),
  skips: {
    create: one,
    delete: one,
    gone: one,
    permanent: 'its only 409 is version_mismatch',
  },
};

function post(state: Flows) {
  return { path: 'flows', method: 'POST', headers, body: JSON.stringify(state) };
}
