import { deepStrictEqual as equal } from 'node:assert/strict';
import { probe, type Finding } from 'remerge/probe';
import type { Scene } from '../scene.ts';

/** A wrong version is refused and the right one taken: by a question, as no success of a write tells it. */
export async function protectedBy(scene: Scene): Promise<string> {
  await scene.make();
  const before = await scene.held();
  const { precondition, status, withVersion, withoutVersion, says } = await question(scene, true);
  equal([precondition, withVersion], [scene.adapter.merges ? 'older-taken' : 'checked', 'taken'], says);
  equal(await scene.held(), before);
  const isOlderTaken = precondition === 'older-taken' ? ' (an older one taken)' : '';
  return `wrong ${status ?? 0}${isOlderTaken}, right taken, none ${withoutVersion ?? '–'}`;
}

/** Asks the server whether it looks at the version of a write. */
export async function question({ adapter, id, proxy }: Scene, isMore: boolean): Promise<Finding> {
  const state = adapter.draft(id);
  const { path, headers } = adapter.write(id, state);
  return probe(fetch, new URL(path, proxy.url), {
    ...adapter.route(id),
    headers: { ...headers, ...adapter.read(id).headers },
    body: (seen) => {
      const { body = '' } = adapter.write(id, seen);
      return typeof seen === 'string' ? body : (JSON.parse(body) as unknown);
    },
    withVersion: isMore,
    withoutVersion: isMore,
  });
}
