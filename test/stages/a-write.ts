import type { BudgetOptions } from '../../src/core/budget.ts';
import { keepLocal, type RouteOptions } from '../../src/index.ts';
import { startCall, type Call } from '../../src/recovery/call.ts';
import { openIntent, type Intent } from '../../src/recovery/intent.ts';
import type { Prepared } from '../../src/recovery/records.ts';
import { original } from '../../src/recovery/write-id.ts';
import { compileRoute } from '../../src/route.ts';
import type { Representation } from '../../src/shell/representation.ts';
import { snapshotBody } from '../../src/shell/body.ts';
import { snapshotWrite } from '../../src/shell/request.ts';
import { createShared } from '../../src/wrap.ts';
import { VirtualClock } from '../support/clock.ts';

/** How a write says what it replaces. */
const conditions = {
  'If-Match': { 'if-match': '"v1"' },
  'If-None-Match': { 'if-none-match': '*' },
  none: {},
} as const;

export type Condition = keyof typeof conditions;

/** A write that no stage has seen yet: what it is on its way with, what it asks for, and its first request. */
export async function aWrite(
  method: string,
  condition: Condition,
  {
    headers = {},
    body = { title: 'ours' },
    base,
    state,
    sends = 1,
    budget,
    ...options
  }: RouteOptions & {
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly base?: unknown;
    /** The whole state that the write makes, where its body is the difference from the base. */
    readonly state?: unknown;
    readonly sends?: number;
    readonly budget?: BudgetOptions;
  } = {},
): Promise<{ readonly call: Call; readonly intent: Intent; readonly sent: Prepared }> {
  const wide = { clock: new VirtualClock(), scope: undefined, memory: 0, onEvent: undefined } as const;
  const nobody = (): never => {
    throw new Error('A stage sends nothing of its own.');
  };
  const shared = createShared(nobody, { ...wide, budget }, { recover: nobody });
  const route = compileRoute(() => true, { merge: keepLocal(), ...options }, {});
  const url = new URL('https://api.example.com/notes/1');
  const said = method === 'DELETE' ? undefined : JSON.stringify(body);
  const init: RequestInit = {
    method,
    headers: { ...(said && { 'content-type': 'application/json' }), ...conditions[condition], ...headers },
  };
  const snapshot = snapshotWrite(nobody, url.href, init, {
    method,
    url,
    body: said === undefined ? { content: '', type: undefined } : snapshotBody(said),
    base: base === undefined ? undefined : () => structuredClone(base),
  });
  const write = { ...snapshot, ...(state !== undefined && { state: JSON.stringify(state) }) };
  const call = startCall(write, route, shared);
  for (let send = 0; send < sends; send += 1) call.journal.sending(undefined, 0);
  const intent = await openIntent(write, route, shared.bases);
  return { call, intent, sent: original(intent, route, call.id) };
}

/** The same, named as in a table: `PUT If-Match`, `POST`, `PUT with a key`. */
export async function writeOf(
  row: string,
  options: Parameters<typeof aWrite>[2] = {},
): ReturnType<typeof aWrite> {
  const [method = '', condition = 'none'] = row.split(' ');
  const headers = row.endsWith('with a key') ? { 'idempotency-key': '"k"' } : {};
  return aWrite(method, condition in conditions ? (condition as Condition) : 'none', { headers, ...options });
}

/** A state as the server shows it. */
export function shown(state: unknown, version: string): Representation {
  const response = Response.json(state, { headers: { etag: version } });
  return { kind: 'json', content: JSON.stringify(state), version: [version], response };
}
