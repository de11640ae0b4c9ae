import type { Call, Reply } from '../model-server.ts';
import { forReads, forWrites } from '../network.ts';
import type { Fault } from '../scenario.ts';
import type { Return } from './life.ts';
import { Lives, type Moment } from './lives.ts';
import type { Scope } from './scopes.ts';
import { Servers, type Past } from './servers.ts';

/** Where a schedule stands: what each client and the server have lived through, and what is still on its way. */
export interface State {
  readonly clients: readonly Moment[];
  readonly past: Past;
  /** Requests that nobody waits for any more, and that the server will get all the same. */
  readonly strays: readonly Call[];
  readonly spent: readonly Fault[];
  readonly isTaken: boolean;
}

/** One thing that may happen next. */
export interface Move {
  readonly what: string;
  readonly next: State | { readonly client: number; readonly back: Return; readonly state: State };
}

/** What is known of a scope while it is walked through. */
export interface Ground {
  readonly scope: Scope;
  readonly servers: Servers;
  readonly lives: Lives;
}

/** A scope of which nothing is known yet. */
export function groundOf(scope: Scope): Ground {
  const { scenario } = scope;
  return { scope, servers: new Servers(scenario), lives: new Lives(scenario) };
}

/** How every schedule of a scope begins. */
export async function beginningOf({ scope, servers, lives }: Ground): Promise<State> {
  const names = ['a', 'b'].slice(0, scope.scenario.clients);
  const clients = await Promise.all(names.map((name) => lives.begin(name)));
  return { clients, past: servers.first, strays: [], spent: [], isTaken: false };
}

/** What a move comes to. */
export async function stateAfter({ lives }: Ground, { next }: Move): Promise<State> {
  if (!('state' in next)) return next;
  const { client, back, state } = next;
  const moment = state.clients[client];
  if (!moment) return state;
  return { ...state, clients: state.clients.with(client, await lives.after(moment, back)) };
}

/**
 * All that may happen next. What a client does between an answer and its next request touches nobody else, and so does the
 * answer on its way: whether either comes before or after what another client does makes no difference to anybody. So a
 * request that arrives and the answer that comes back are one move, and waits pass at once.
 */
export function movesOf(ground: Ground, state: State): readonly Move[] {
  const moves = state.clients.flatMap((_, client) => movesOfClient(ground, state, client));
  for (const [index, call] of state.strays.entries()) {
    const { reply, past } = ground.servers.receive(state.past, call);
    const strays = state.strays.filter((_, other) => other !== index);
    moves.push({ what: `a copy arrives late: ${reply.status}`, next: { ...state, past, strays } });
  }
  const { taker } = ground.scope.scenario;
  const isOver = state.strays.length === 0 && state.clients.every(({ asks }) => !asks);
  const past = taker && !state.isTaken && !isOver ? ground.servers.takeBack(state.past, taker) : undefined;
  if (past) moves.push({ what: 'somebody takes back', next: { ...state, past, isTaken: true } });
  return moves;
}

function movesOfClient({ scope, servers }: Ground, state: State, client: number): Move[] {
  const moment = state.clients[client];
  if (!moment?.asks) return [];
  const { call, isPlain } = moment.asks;
  const isRead = call.method === 'GET';
  const title = `${moment.name} ${call.method} ${call.headers.get('if-match') ?? ''}`.trimEnd();
  const { reply, past } = servers.receive(state.past, call);
  const move = (back: Return, more: Partial<State>, fault?: Fault): Move => {
    const spent = fault ? [...state.spent, fault].sort() : state.spent;
    const name = [title, fault, back.kind === 'answer' ? back.reply.status : back.kind].filter(Boolean);
    return { what: name.join(', '), next: { client, back, state: { ...state, ...more, spent } } };
  };
  const moves = [move({ kind: 'answer', reply }, { past })];
  if (isPlain || state.spent.length >= scope.most) return moves;
  const others = isRead ? [...forWrites, ...afterwards] : forReads;
  const strays = [...state.strays, call];
  for (const fault of scope.faults) {
    if (others.includes(fault) || state.spent.includes(fault)) continue;
    const lagging = (): Reply => servers.receive(state.past, call, 1).reply;
    const spent = [...state.spent, fault].sort();
    if (fault === 'repeated')
      moves.push({ what: `${title}, the proxy gets ${reply.status}`, next: { ...state, past, spent } });
    else if (fault === 'replica lags') moves.push(move({ kind: 'answer', reply: lagging() }, {}, fault));
    else if (fault === 'torn') moves.push(move({ kind: 'answer', reply, isTorn: true }, {}, fault));
    else if (fault === 'duplicated') moves.push(move({ kind: 'answer', reply }, { past, strays }, fault));
    else if (fault === 'late') moves.push(move({ kind: 'silence' }, { strays }, fault));
    else {
      const back = lost[fault];
      if (back) moves.push(move(back, afterwards.includes(fault) ? { past } : {}, fault));
    }
  }
  return moves;
}

/** What happens once the server has done its part. To a read it is the same as before. */
const afterwards: readonly Fault[] = ['lost after', 'hangs after', 'error after commit'];

/** What comes back instead of the server's own answer. */
const lost: Partial<Record<Fault, Return>> = {
  unreachable: { kind: 'break', code: 'ECONNREFUSED' },
  'lost before': { kind: 'break', code: 'ECONNRESET' },
  'lost after': { kind: 'break', code: 'ECONNRESET' },
  'hangs before': { kind: 'silence' },
  'hangs after': { kind: 'silence' },
  'error before': { kind: 'answer', reply: { status: 503, headers: {}, body: 'Something is broken' } },
  'error after commit': { kind: 'answer', reply: { status: 500, headers: {}, body: 'Something is broken' } },
  throttled: { kind: 'answer', reply: { status: 429, headers: { 'retry-after': '1' }, body: 'Not so fast' } },
};
