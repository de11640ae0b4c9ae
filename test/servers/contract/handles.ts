import { createClient, type Resource, type RouteOptions } from 'remerge';
import { writers } from '../adapter.ts';
import type { Scene } from '../scene.ts';
import { counted, together } from './conflicts.ts';

const rounds = 4;

/** A handle on the document, as a client of its own has it. */
function handleOn({ adapter, id, proxy }: Scene): Resource {
  const { path, headers } = adapter.read(id);
  const { pathname, searchParams } = new URL(path, proxy.url);
  const own = new Headers({ ...adapter.write(id, adapter.draft(id)).headers, ...headers });
  // What is sent is called what it was called when it was read.
  own.delete('content-type');
  const routes: Record<string, RouteOptions> = { [pathname.slice(1)]: adapter.route(id) };
  // The machine may be busy, and the contract is about edits, not about time.
  const patience = { timeout: 60_000, totalTimeout: 240_000 };
  const baseUrl = proxy.url.origin;
  const client = createClient({ ...patience, baseUrl, searchParams, headers: own, routes });
  return client.resource(pathname.slice(1));
}

/** Eight clients update one document at once: each change is there in the end, and none is made twice. */
export async function updates(scene: Scene): Promise<readonly [string, string]> {
  const { adapter, id, make, held, log } = scene;
  await make();
  log();
  const update = async (name: string): Promise<void> => {
    const handle = handleOn(scene);
    for (let round = 1; round <= rounds; round += 1)
      await handle.update((state) => {
        const mine = `${adapter.edits(state)[name] ?? ''}${round}`;
        const { body = '' } = adapter.write(id, adapter.edit(state, name, mine));
        return typeof state === 'string' ? body : (JSON.parse(body) as unknown);
      });
  };
  await together(adapter, writers.map(update));
  return counted(adapter, await held(), log().length, rounds);
}
