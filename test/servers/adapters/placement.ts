import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placement as preset } from 'remerge/presets';
import type { Adapter, Ask, Json } from '../adapter.ts';
import { start } from '../process.ts';

interface Inventories {
  readonly resource_provider_generation?: number;
  readonly inventories: Readonly<Record<string, { readonly total: number }>>;
}

const program = '/usr/bin/placement-api';
const headers = {
  'content-type': 'application/json',
  'x-auth-token': 'admin',
  'openstack-api-version': 'placement 1.38',
};
/** What there is an inventory of, by the name of an edit. */
const classes: Readonly<Record<string, string>> = {
  title: 'VCPU',
  w1: 'MEMORY_MB',
  w2: 'DISK_GB',
  w3: 'PCI_DEVICE',
  w4: 'SRIOV_NET_VF',
  w5: 'NUMA_SOCKET',
  w6: 'NUMA_CORE',
  w7: 'NUMA_THREAD',
  w8: 'VGPU',
};
/** An inventory holds a number, so each text gets one. */
const texts: string[] = [];

const ids = new Map<string, string>();
function idOf(id: string): string {
  const known = ids.get(id) ?? crypto.randomUUID();
  ids.set(id, known);
  return known;
}
const at = (id: string): string => `resource_providers/${idOf(id)}/inventories`;

/** The inventories of a resource provider, as OpenStack Placement keeps them in SQLite. */
export const placement: Adapter<Inventories> = {
  name: 'placement',
  title: 'OpenStack Placement',
  from: { packages: ['placement-api'], program },
  async start({ folder, port }) {
    await writeFile(
      join(folder, 'placement.conf'),
      [
        '[api]\nauth_strategy = noauth2',
        `[placement_database]\nconnection = sqlite:///${join(folder, 'placement.sqlite')}\nsync_on_startup = true\n`,
      ].join('\n'),
    );
    return start({
      program,
      args: ['--host', '127.0.0.1', '--port', String(port)],
      folder,
      env: { OS_PLACEMENT_CONFIG_DIR: folder },
      url: `http://127.0.0.1:${port}/`,
    });
  },
  route: (id) => ({
    methods: ['POST', 'PUT', 'DELETE'],
    server: { ...preset(), readFrom: () => `/${at(id)}`, create: { method: 'POST' } },
  }),
  read: (id) => ({ path: at(id), headers }),
  write: (id, state) => send('PUT', at(id), state),
  create: (id) => send('POST', 'resource_providers', { name: id, uuid: idOf(id) }),
  fill: (id, state) => send('PUT', at(id), { ...state, resource_provider_generation: 0 }),
  remove: (id) => ({ path: `resource_providers/${idOf(id)}`, method: 'DELETE', headers }),
  draft: () => ({ inventories: inventory('title', 'new') }),
  edit: (state, name, value) => ({
    ...state,
    inventories: { ...state.inventories, ...inventory(name, value, state) },
  }),
  edits: ({ inventories }) =>
    Object.fromEntries(
      Object.entries(classes).flatMap(([name, kind]) => {
        const held = inventories[kind];
        return held ? [[name, texts[held.total - 1] ?? '']] : [];
      }),
    ),
  bare: ({ inventories }) => ({ inventories }),
  version: ({ state }) => String(state.resource_provider_generation),
  permanent: {
    what: 'a name that is taken',
    ask: (id) => send('POST', 'resource_providers', { name: id, uuid: crypto.randomUUID() }),
  },
  skips: { delete: 'a provider is deleted without a version' },
};

function inventory(name: string, value: string, state?: Inventories): Inventories['inventories'] {
  const kind = classes[name] ?? name;
  if (!texts.includes(value)) texts.push(value);
  // The server has added members of its own.
  return { [kind]: { ...state?.inventories[kind], total: texts.indexOf(value) + 1 } };
}

function send(method: string, path: string, body: Json | Inventories): Ask {
  return { path, method, headers, body: JSON.stringify(body) };
}
