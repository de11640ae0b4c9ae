import { check } from '../check.ts';
import type { Entry } from '../notebook.ts';
import { beginningOf, groundOf, movesOf, stateAfter, type Ground, type State } from './moves.ts';
import type { Scope } from './scopes.ts';

/** What all schedules of a scope have come to. */
export interface Walk {
  readonly name: string;
  /** How many schedules there are: ways from the beginning to an end. */
  schedules: number;
  /** How many of them differ in what somebody could see of them. */
  ends: number;
  states: number;
  /** How many times a client was run from its beginning. */
  lives: number;
  /** Writes at the ends, by what was told of them. */
  readonly told: Record<string, number>;
  /** For each kind of violation the first schedule that has it, move by move, and how many ends were known by then. */
  readonly found: Record<string, Flaw>;
}

interface Flaw {
  readonly runs: number;
  readonly what: string;
  readonly moves: readonly string[];
}

/**
 * Goes through every schedule of a scope, depth first.
 *
 * States are told apart by what each client has heard, what the server has made, what is on its way and what may still go
 * wrong. A client and a server are functions of that alone, so two schedules that come to the same state go on in the same
 * ways, and are judged by the same: it is enough to go on from there once.
 *
 * @param isEnough Whether the walk may end, as a flaw of this kind is what it was for.
 */
export async function walk(scope: Scope, isEnough: (kind: string) => boolean = () => false): Promise<Walk> {
  const { name } = scope;
  const ground = groundOf(scope);
  const result: Walk = { name, schedules: 0, ends: 0, states: 0, lives: 0, told: {}, found: {} };
  const known = new Map<string, number>();
  const path: string[] = [];
  let isOver = false;

  async function explore(state: State): Promise<number> {
    const key = keyOf(state, ground);
    const before = known.get(key);
    if (before !== undefined) return before;
    const moves = movesOf(ground, state);
    let ways = moves.length === 0 ? 1 : 0;
    if (moves.length === 0) end(state);
    for (const move of moves) {
      if (isOver) break;
      path.push(move.what);
      ways += await explore(await stateAfter(ground, move));
      path.pop();
    }
    known.set(key, ways);
    return ways;
  }

  function end(state: State): void {
    result.ends += 1;
    for (const { outcome = 'never', said } of state.clients.flatMap(({ entries }) => entries)) {
      const told = `${outcome}: ${said}`;
      result.told[told] = (result.told[told] ?? 0) + 1;
    }
    for (const { kind, what } of judgeEnd(state, scope)) {
      result.found[kind] ??= { runs: result.ends, what, moves: [...path] };
      isOver ||= isEnough(kind);
    }
  }

  result.schedules = await explore(await beginningOf(ground));
  result.states = known.size;
  result.lives = ground.lives.runs;
  return result;
}

function keyOf({ clients, past, strays, spent, isTaken }: State, { servers }: Ground): string {
  const heard = clients.map(({ number }) => number);
  const under = strays.map((call) => servers.numberOf(call)).sort();
  return [...heard, past.number, under.join('+'), spent.join('+'), isTaken].join();
}

/** What is wrong with a schedule that is over. */
function judgeEnd(
  { clients, past, spent }: State,
  { scenario }: Scope,
): readonly { readonly kind: string; readonly what: string }[] {
  // What a proxy has repeated is refused for certain, and a refusal doesn't say that nothing was made.
  const believed = ({ outcome, ...entry }: Entry): Entry => {
    const isRefuted = outcome === 'failed' && spent.includes('repeated') && !scenario.hasKeys;
    return { ...entry, outcome: isRefuted ? 'unknown' : outcome };
  };
  const entries = clients.flatMap((client) => client.entries.map(believed));
  return [
    ...clients.flatMap(({ flaws }) => flaws),
    ...check({ scenario, server: past, entries, reads: [], gone: [] }),
  ];
}
