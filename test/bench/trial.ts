import type { Crew } from './crew.ts';
import { random } from './documents.ts';
import { shuffled } from './rounds.ts';
import type { NoteServer } from './server/start.ts';
import type { Told } from './worker.ts';
import type { Way } from './ways.ts';

/** What is to be done: `updates` by each of `processes`. */
export interface Load {
  readonly processes: number;
  readonly updates: number;
  /** Whether a process begins all of its updates at once. Else it awaits each before the next. */
  readonly together: boolean;
  /** What the name of the note begins with: by it the server knows what to do with it. */
  readonly kind?: 'moved' | 'told-moved';
}

/** What came of it, as the server has it. What a client says of itself is only compared with that. */
export interface Trial extends Readonly<Record<string, number>> {
  readonly requests: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly ms: number;
  /** There exactly once, and its maker was told so. */
  readonly once: number;
  /** Its maker was told that it was made, and it isn't there. */
  readonly lost: number;
  /** There more than once. */
  readonly doubled: number;
  /** Its maker was told that it failed, and it isn't there. */
  readonly 'gave up': number;
  /** Its maker was told that it failed, and it is there. */
  readonly 'failed, yet there': number;
  /** Its maker was told that nobody knows, and how to find out. */
  readonly 'told unknown': number;
}

let trials = 0;

/**
 * Has a new note updated, and counts what is in it.
 *
 * @param begin What changes when all are ready, outside of the measured time. Default: nothing.
 */
export async function tryWay(
  server: NoteServer,
  crew: Crew,
  way: Way,
  load: Load,
  begin?: () => Promise<void>,
): Promise<Trial> {
  const note = `${load.kind ?? 'trial'}-${String(++trials)}`;
  const ids = Array.from({ length: load.processes }, (_, process) =>
    Array.from({ length: load.updates }, (_, update) => `${String(process)}.${String(update)}`),
  );
  const { origin } = server;
  const { told, ms } = await crew.work(
    ids.map((own) => ({ way, origin, note, together: load.together, ids: own })),
    begin,
  );
  const seen = await server.look(note);
  const { requests, refused, unanswered } = seen;
  return { requests, refused, unanswered, ms, ...judge(told, seen.ids) };
}

/** Updates that each process makes in each way before anything is measured, and how many of them meet a conflict. */
const warmUps = { calm: 200, moved: 20 };

/** Has every way run for a while in every process: what is compared is the clients, not how cold their code is. */
export async function warmUp(server: NoteServer, crew: Crew, ways: readonly Way[]): Promise<void> {
  await server.set({ latency: 0, loss: 0, seed: 0 });
  const { origin } = server;
  const ids = Array.from({ length: warmUps.calm }, (_, update) => String(update));
  const everyone = (way: Way, note: string, ids: readonly string[]) =>
    Array.from({ length: crew.size }, (_, process) => {
      return { way, origin, note: `${note}-${String(process)}`, together: false, ids };
    });
  for (const way of ways) {
    await crew.work(everyone(way, `warm-${String(++trials)}`, ids));
    for (let note = 0; note < warmUps.moved; note++)
      await crew.work(everyone(way, `moved-${String(++trials)}`, ['0']));
  }
}

/** Compares what is in the note with what was asked for, and with what its makers were told. */
export function judge(told: readonly Told[], there: readonly string[]) {
  const times = new Map<string, number>();
  for (const id of there) times.set(id, (times.get(id) ?? 0) + 1);
  const made = told.flatMap((each) => each.made);
  const failed = told.flatMap((each) => each.failed);
  const unknown = told.flatMap((each) => each.unknown);
  const count = (ids: readonly string[], is: (times: number) => boolean): number =>
    ids.filter((id) => is(times.get(id) ?? 0)).length;
  return {
    once: count(made, (found) => found === 1),
    lost: count(made, (found) => found === 0),
    doubled: count([...made, ...failed, ...unknown], (found) => found > 1),
    'gave up': count(failed, (found) => found === 0),
    'failed, yet there': count(failed, (found) => found > 0),
    'told unknown': unknown.length,
  };
}

/**
 * Every way in each round, so that all meet the same machine, and in another order each time.
 *
 * @param attempt Resolves to `undefined` where the way is left out of a round.
 */
export async function tryWays(
  ways: readonly Way[],
  rounds: number,
  attempt: (way: Way, round: number) => Promise<Trial | undefined>,
): Promise<ReadonlyMap<Way, readonly Trial[]>> {
  const all = new Map<Way, Trial[]>(ways.map((way) => [way, []]));
  const chance = random(rounds);
  for (let round = 0; round < rounds; round++) {
    for (const way of shuffled(ways, chance)) {
      const trial = await attempt(way, round);
      if (trial) all.get(way)?.push(trial);
    }
  }
  return all;
}
