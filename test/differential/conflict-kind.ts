import ky, { type Hooks, type KyInstance } from 'ky';
import {
  idempotencyKey,
  createClient,
  isRecoveryError,
  none,
  recoveryOf,
  withConflictRecovery,
  type Sides,
} from 'remerge';
import { choose, type Choices, type Chosen } from './choices.ts';
import type { Difference } from './comparison.ts';
import { CountingClock } from './counting-clock.ts';
import { errorTold } from './errors.ts';
import type { Kind } from './kind.ts';
import { NotesScript } from './notes-script.ts';
import { outcomeOf, turns, type Outcome } from './observation.ts';

const choices = {
  by: { put: 4, fetch: 3, handle: 4, post: 2 },
  others: { 'write in between': 4, 'leave it alone': 2 },
  answer: { given: 4, lost: 1 },
  renewal: { none: 4, 'by the client': 2, 'by ky': 2, 'by fetch': 2, 'by ky.retry': 1 },
  keepalive: { no: 2, yes: 1 },
} as const satisfies Choices;
type Plan = Chosen<typeof choices>;

type Note = Readonly<Record<string, unknown>>;
const merge = ({ local, remote }: Sides<Note>): Note => ({ ...remote, title: local.title });

/**
 * Writes that meet a conflict, a lost answer or a token that is too old. Plain fetch and ky don't recover these, so what
 * has to come of them is said here.
 */
export const conflictKind: Kind<Plan> = {
  choices,
  draw: (chance) => choose(chance, choices),
  async differences(plan, id, origins) {
    const script = new NotesScript();
    const stage = origins.stage('b', id, script);
    const sent: { method: string; keepalive: boolean; match: string | null }[] = [];
    const spy: typeof fetch = (input, init) => {
      const { method = 'GET', keepalive = false, headers } = input instanceof Request ? input : (init ?? {});
      sent.push({ method, keepalive, match: new Headers(headers).get('if-match') });
      return fetch(input, init);
    };
    const { outcome, hooked } = await written(plan, `${origins.at('b', id)}notes/1`, script, spy);
    await turns();
    await stage.quiet();
    origins.clear('b', id);

    const writes = sent.filter(({ method }) => method !== 'GET');
    const isPost = plan.by === 'post';
    // A read may have one of its own, where a headers function makes it.
    const posts = stage.arrived.filter(({ method }) => method === 'POST');
    const keys = new Set(posts.map(({ headers }) => new Map(headers).get('idempotency-key')));
    const answer =
      outcome.kind === 'resolved' && outcome.value instanceof Response ? outcome.value : undefined;
    // What a hook sends by itself, it hears of by itself, and rethrows.
    const isOfHook = (plan.renewal === 'by ky' || plan.renewal === 'by fetch') && hooked.length > 0;
    const isSent =
      outcome.kind === 'resolved' ||
      isOfHook ||
      isRecoveryError(outcome.kind === 'rejected' && outcome.error);
    const report = answer && recoveryOf(answer);
    const checks: Readonly<Record<string, boolean>> = {
      'conflict: each write carries a version': isPost || stage.arrived.every(isProtected),
      'conflict: hooks see the version': hooked.every((match) => match !== null),
      'conflict: nobody’s change is lost':
        plan.others !== 'write in between' || isPost || script.value.body === 'BEN',
      'conflict: it ends in an answer, or in an error of its own': isSent,
      'conflict: what was told as made is there':
        outcome.kind !== 'resolved' || isPost || script.value.title === 'ANN',
      'conflict: an answer has no members of ours': !answer || Object.keys(answer).length === 0,
      'conflict: a copy tells the same': !answer || recoveryOf(answer.clone()) === report,
      'conflict: keepalive is on the write':
        plan.keepalive === 'no' || isPost || writes[0]?.keepalive === true,
      'conflict: one write, one key': !isPost || keys.size === 1,
    };
    return Object.entries(checks)
      .filter(([, holds]) => !holds)
      .map(([kind]): Difference => ({
        kind,
        usual: 'as it says',
        ours: toldOf(outcome, stage.arrived, hooked),
      }));
  },
};

function isProtected({
  method,
  headers,
}: {
  method: string;
  headers: readonly (readonly [string, string])[];
}): boolean {
  return method === 'GET' || new Map(headers).has('if-match');
}

function toldOf(
  outcome: Outcome,
  arrived: readonly {
    method: string;
    answer?: { status: number } | undefined;
    headers: readonly (readonly [string, string])[];
  }[],
  hooked: unknown,
): unknown {
  const requests = arrived.map(({ method, answer, headers }) => {
    const fields = new Map(headers);
    return `${method} ${answer?.status ?? 'cut'} ${fields.get('if-match') ?? ''} ${fields.get('idempotency-key') ?? ''}`.trim();
  });
  const ended = outcome.kind === 'rejected' ? errorTold(outcome.error) : outcome.kind;
  return { ended, requests, hooked };
}

/** Makes the write of a plan: from title `a` to `ANN`. */
async function written(
  plan: Plan,
  url: string,
  script: NotesScript,
  spy: typeof fetch,
): Promise<{ outcome: Outcome; hooked: readonly (string | null)[] }> {
  const clock = new CountingClock();
  const retry = { delay: () => 0, jitter: false };
  const isRenewed = plan.renewal !== 'none' && plan.by !== 'fetch' && plan.by !== 'post';
  const hooked: (string | null)[] = [];
  let own = script.token;
  const hooks: Hooks = {
    beforeRequest: [
      ({ request }) => {
        request.headers.set('authorization', own);
        if (request.method !== 'GET') hooked.push(request.headers.get('if-match'));
      },
    ],
    afterResponse: [
      ({ request, response }) => {
        if (response.status !== 401 || own === script.token) return undefined;
        own = script.token;
        const headers = new Headers(request.headers);
        headers.set('authorization', own);
        const again = new Request(request, { headers });
        const ways = {
          'by the client': () => api(again),
          'by ky': () => ky(again),
          'by fetch': () => fetch(again),
          'by ky.retry': () => ky.retry({ request: again, delay: 0 }),
          none: () => undefined,
        };
        return ways[plan.renewal]();
      },
    ],
  };
  const api = createClient({
    clock,
    defaults: { retry },
    baseUrl: new URL('..', url).href,
    fetch: spy,
    ...(isRenewed && { hooks }),
    ...(plan.by === 'post' && { headers: () => ({ 'idempotency-key': crypto.randomUUID() }) }),
    routes: {
      'notes/:id': { merge: merge as never },
      'orders/:id': { methods: ['POST'], version: none(), writeId: idempotencyKey() },
    },
  });
  const recovering = withConflictRecovery(spy, { clock, defaults: { merge: merge as never, retry } });
  const note = api.resource('notes/:id', { id: '1' });
  const base = await note.read();
  const value = { ...(base.value as Note), title: 'ANN' };
  const headers = { 'content-type': 'application/json', 'if-match': base.version ?? '' };
  const more = plan.keepalive === 'yes' ? { keepalive: true } : {};
  script.isOvertaken = plan.others === 'write in between';
  script.isLost = plan.answer === 'lost';
  if (isRenewed) script.token = 'new';
  hooked.length = 0;
  const writes = {
    put: () => (api as unknown as KyInstance).put('notes/1', { json: value, base, ...more } as never),
    fetch: () =>
      recovering(url, { method: 'PUT', body: JSON.stringify(value), headers, base: base.value, ...more }),
    handle: () => note.replace(value, { base, ...more }),
    post: () => api.post('orders/1', { json: value }),
  };
  return { outcome: await outcomeOf(writes[plan.by]()), hooked };
}
