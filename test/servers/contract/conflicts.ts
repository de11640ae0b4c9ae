import { deepStrictEqual as equal, notStrictEqual as differ, ok } from 'node:assert/strict';
import { writers, type Adapter } from '../adapter.ts';
import { copied, type Scene } from '../scene.ts';

/** A write that nobody disturbs is one request. */
export async function once({ me, id, make, log, held, adapter }: Scene): Promise<string> {
  await make();
  const seen = await me.read(id);
  log();
  const { recovery } = await me.save(id, seen, 'title', 'Food');
  equal([recovery.outcome, log().length], ['applied', 1]);
  equal((await held())?.title, 'Food');
  return adapter.write(id, seen.state).method ?? 'GET';
}

/** A stale write is merged onto what is there now, and costs one read and one write more. */
export async function merged({ me, id, make, log, intrude, held, adapter }: Scene): Promise<string> {
  await make();
  const seen = await me.read(id);
  await intrude('w1', 'eggs');
  log();
  const { recovery } = await me.save(id, seen, 'title', 'Food');
  const lines = log();
  equal(await held(), { title: 'Food', w1: 'eggs' }, lines.join(', '));
  const expected = adapter.requests ?? (adapter.weakAtFirst ? 4 : 3);
  equal([recovery.outcome, lines.length], ['merged', expected], lines.join(', '));
  return lines.join(', ');
}

const rounds = 4;

/** Eight writers at once, each of them several times: each edit is there in the end. */
export async function manyWriters({
  client,
  id,
  make,
  log,
  held,
  adapter,
}: Scene): Promise<readonly [string, string]> {
  await make();
  log();
  const write = async (name: string): Promise<void> => {
    // By default a write gives up after five refusals, and here eight compete, on a machine that may be busy.
    const writer = client({ totalTimeout: 240_000, retry: 100 });
    for (let round = 1; round <= rounds; round += 1) {
      const seen = await writer.read(id);
      // What was lost before is missing from the next edit, too.
      const mine = `${adapter.edits(seen.state)[name] ?? ''}${round}`;
      const { recovery } = await writer.save(id, seen, name, mine);
      ok(recovery.outcome !== 'failed', recovery.outcome === 'failed' ? recovery.message : '');
    }
  };
  await together(adapter, writers.map(write));
  return counted(adapter, await held(), log().length, rounds);
}

/** Waits for all writers. A server that shows what it has half written stops one who reads that, and it is counted as lost. */
export async function together({ racy }: Adapter, writing: readonly Promise<void>[]): Promise<void> {
  await (racy === undefined ? Promise.all(writing) : Promise.allSettled(writing));
}

/** How many edits of the writers are lost: none, but at a server that can lose one by itself. */
export function counted(
  { racy }: Adapter,
  held: Readonly<Record<string, string>> | undefined,
  requests: number,
  rounds: number,
): readonly [string, string] {
  const all = Array.from({ length: rounds }, (_, index) => String(index + 1));
  const kept = writers.map((name) => all.filter((edit) => held?.[name]?.includes(edit)).length);
  const lost = `${writers.length * rounds - kept.reduce((sum, count) => sum + count, 0)} of ${writers.length * rounds} lost`;
  if (racy !== undefined) return [`may lose some: ${racy}`, `${lost}, ${requests} requests`];
  equal(held, { title: 'new', ...Object.fromEntries(writers.map((name) => [name, all.join('')])) });
  return [lost, `${requests} requests`];
}

/** The version is the one that the server documents, each time, and nothing that only looks like it. */
export async function carrier({ me, id, make, intrude, adapter }: Scene): Promise<string> {
  await make();
  const seen = await me.read(id);
  await intrude('w1', 'eggs');
  const fresh = await me.read(id);
  const right = [adapter.version(seen), adapter.version(fresh)];
  const { recovery } = await me.save(id, seen, 'title', 'Food');
  equal(
    recovery.attempts.map(({ version }) => version),
    right,
  );
  const decoy = adapter.decoy?.(fresh);
  if (!decoy) return 'no decoy';
  differ(decoy, right[1]);
  return `not ${/^(W\/)?"/.test(decoy) ? 'its ETag' : decoy}`;
}

/** Who says what a write was made of, but not in which version, overwrites nothing. */
export async function blind({ me, other, id, make, intrude, held, adapter, log }: Scene): Promise<string> {
  await make();
  const bare = (state: unknown): unknown => adapter.bare?.(state) ?? state;
  const base = bare(copied(await me.read(id)));
  await intrude('w1', 'eggs');
  log();
  const { recovery } = await me.write(adapter.write(id, adapter.edit(base, 'title', 'Food')), base);
  const lines = log();
  equal([recovery.outcome, await held()], ['merged', { title: 'Food', w1: 'eggs' }], lines.join(', '));

  const plain = adapter.write(id, adapter.edit(base, 'title', 'Drinks'));
  const { recovery: last, response } = await other.write(plain);
  const isKept = (await held())?.w1 === 'eggs';
  return `${lines.join(', ')}; by itself ${response?.status ?? '–'}, ${isKept ? last.outcome : 'overwrites'}`;
}

/** After a success that names no version, the next write still loses nothing. */
export async function onward({ me, id, make, intrude, held, adapter, log }: Scene): Promise<string> {
  await make();
  const seen = await me.read(id);
  log();
  const { recovery, response } = await me.save(id, seen, 'title', 'Food');
  equal([recovery.outcome, log().length], ['applied', 1]);
  await intrude('w1', 'eggs');
  const bare = adapter.bare?.(copied(seen)) ?? copied(seen);
  const mine = adapter.edit(bare, 'title', 'Food');
  const next = await me.write(adapter.write(id, adapter.edit(mine, 'title', 'Drinks')), mine);
  const lines = log();
  equal([next.recovery.outcome, await held()], ['merged', { title: 'Drinks', w1: 'eggs' }], lines.join(', '));
  return `${response?.status ?? '–'} ${response?.headers.has('etag') ? 'and an ETag' : 'alone'}; ${lines.join(', ')}`;
}
