import { etag, isRecoveryError, type RouteOptions } from 'remerge';
import type { Scene } from '../scene.ts';
import { question } from './probing.ts';

/** What became of a stale write where nothing protects it. */
export interface Control {
  /** What the caller is told, in a line for each way to set the route. */
  readonly told: readonly string[];
  /** Whether the edit of somebody else was overwritten: then the contract has eyes. */
  readonly isOverwritten: boolean;
  /** Whether a probe says that nothing protects a write. */
  readonly isKnown: boolean;
}

/** Makes a stale write on a server that looks at no version, as the adapter says it, and by the default. */
export async function control(scene: Scene): Promise<Control> {
  const own = await staleWrite(scene, {});
  const byDefault = await staleWrite(scene, { version: etag() });
  const { precondition, says } = await question(scene, false);
  return {
    told: [`as the route says: ${own.told}`, `by etag() alone: ${byDefault.told}`, `a probe: ${says}`],
    isOverwritten: own.isOverwritten,
    isKnown: precondition === 'ignored',
  };
}

async function staleWrite(
  { client, id, other, adapter, held, intrude }: Scene,
  more: RouteOptions,
): Promise<{ readonly told: string; readonly isOverwritten: boolean }> {
  const me = client(more);
  const mine = await other.find(id);
  if (!mine) await other.send(adapter.create(id, adapter.draft(id)));
  const seen = await me.read(id);
  const edit = `eggs for ${more.version ? 'one' : 'two'}`;
  await intrude('w1', edit);
  const told = await me.save(id, seen, 'title', 'Food').then(
    ({ recovery: { outcome, attempts } }) => `${outcome}, ${attempts.length} request`,
    (error: unknown) => (isRecoveryError(error) ? `${error.code}, nothing is sent` : String(error)),
  );
  const isOverwritten = (await held())?.w1 !== edit;
  return { told: `${told}; the edit of another is ${isOverwritten ? 'LOST' : 'kept'}`, isOverwritten };
}
