import { deepStrictEqual as equal, ok } from 'node:assert/strict';
import type { Adapter } from '../adapter.ts';
import type { Outcome } from '../client.ts';
import type { Scene } from '../scene.ts';

/** How a write ended, in a word. */
function wordFor({ recovery, response }: Outcome): string {
  if (recovery.outcome === 'failed') return recovery.code;
  return response?.ok === false ? `${response.status} as it is` : recovery.outcome;
}

/** A refusal that stays one: nothing is looped on. */
function isFinal(outcome: Outcome, lines: readonly string[]): string {
  const { recovery, response } = outcome;
  const word = wordFor(outcome);
  ok(recovery.outcome === 'failed' || response?.ok === false, `It ended as ${word}: ${lines.join(', ')}`);
  ok(lines.length <= 3, `It took ${lines.length} requests: ${lines.join(', ')}`);
  return `${word}: ${lines.join(', ')}`;
}

/** Creating what exists is told, and overwrites nothing. */
export async function createExisting({ me, id, make, held, adapter, log }: Scene): Promise<string> {
  await make();
  const before = await held();
  log();
  const outcome = await me.write(adapter.create(id, adapter.edit(adapter.draft(id), 'title', 'Food')));
  const cell = isFinal(outcome, log());
  equal(await held(), before);
  return cell;
}

/** Deleting what has changed is told, and deletes nothing. */
export async function deleteChanged({ me, id, make, intrude, held, log }: Scene): Promise<string> {
  await make();
  const seen = await me.read(id);
  await intrude('w1', 'eggs');
  log();
  const outcome = await me.remove(id, seen);
  const cell = isFinal(outcome, log());
  equal((await held())?.w1, 'eggs');
  return cell;
}

/** Writing what was deleted is told, and brings nothing back; where the server does that by itself, its 201 is told. */
export async function writeGone({ me, other, id, make, held, adapter, log }: Scene): Promise<string> {
  await make();
  const seen = await me.read(id);
  // Where the server takes no version with it, nobody can say one.
  const { recovery } = await (adapter.skips?.delete
    ? other.write(adapter.remove(id))
    : other.remove(id, await other.read(id)));
  // Azure Blob Storage answers by 202: it has taken the DELETE on, and what it takes away is gone at once.
  equal(recovery.outcome, recovery.attempts.at(-1)?.status === 202 ? 'accepted' : 'applied');
  equal(await held(), undefined);
  log();
  const outcome = await me.save(id, seen, 'title', 'Food');
  const lines = log();
  if (adapter.resurrects) {
    const { outcome: end, attempts } = outcome.recovery;
    // One that finds its document comes to another status there.
    equal([end, attempts.map(({ status }) => status)], ['applied', [201]], lines.join(', '));
    equal(await held(), { title: 'Food' });
    return `brings it back, and says so: ${lines.join(', ')}`;
  }
  const cell = isFinal(outcome, lines);
  equal(await held(), undefined);
  return cell;
}

/** A conflict status that means something else is recognised, and the answer handed on. */
export async function permanent({ me, other, id, make, adapter, log }: Scene): Promise<string> {
  const { permanent } = adapter;
  if (!permanent) throw new Error('The adapter names none.');
  await make();
  for (const ask of permanent.before?.(id) ?? []) {
    const { ok: isDone, status } = await other.send(ask);
    ok(isDone, `Getting ready came to ${status}`);
  }
  const { state } = await me.read(id);
  log();
  const outcome = await me.write(permanent.ask(id, state), permanent.isBased ? state : undefined);
  for (const ask of permanent.after?.(id) ?? []) await other.send(ask);
  return `${permanent.what}: ${isFinal(outcome, log())}`;
}

/** A write whose answer was lost is made once, and known for what it is. */
export async function lostAnswer({ me, id, make, proxy, held, adapter, log }: Scene): Promise<string> {
  await make();
  const seen = await me.read(id);
  const { method = 'GET' } = adapter.write(id, seen.state);
  log();
  proxy.lose(method);
  const outcome = await me.save(id, seen, 'title', 'Food');
  const lines = log();
  equal((await held())?.title, 'Food');
  return foundOut(adapter, outcome, lines);
}

/** A write whose answer was lost, and onto which somebody else has written: neither edit is lost. */
export async function overtaken({
  me,
  id,
  make,
  proxy,
  intrude,
  held,
  adapter,
  log,
}: Scene): Promise<string> {
  await make();
  const seen = await me.read(id);
  log();
  proxy.lose(adapter.write(id, seen.state).method ?? 'GET', () => intrude('w1', 'eggs'));
  const outcome = await me.save(id, seen, 'title', 'Food');
  const lines = log();
  equal(await held(), { title: 'Food', w1: 'eggs' }, lines.join(', '));
  return foundOut(adapter, outcome, lines);
}

/** The write is known to be made, and so isn't made again. */
function foundOut({ weakAtFirst }: Adapter, outcome: Outcome, lines: readonly string[]): string {
  const { outcome: end } = outcome.recovery;
  const expected = ['already-applied', weakAtFirst ? 3 : 2];
  equal([end, lines.length], expected, `It ended as ${wordFor(outcome)}: ${lines.join(', ')}`);
  return `${end}: ${lines.join(', ')}`;
}
