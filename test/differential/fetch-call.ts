import { keepLocal, withConflictRecovery, type RecoveryOptions } from 'remerge';
import { scriptOf } from './answers.ts';
import { giveBody } from './bodies.ts';
import type { FetchPlan } from './fetch-plan.ts';
import { giveHeaders } from './headers.ts';
import { giveInput } from './inputs.ts';
import { endOf, outcomeOf, requestsSeen, turns, withoutSide, type Observation } from './observation.ts';
import type { Origins } from './origins.ts';
import { giveSetting, settingsIn } from './settings.ts';
import { Abort } from './signals.ts';
import { likeness } from './likeness.ts';
import { CountingClock } from './counting-clock.ts';

type Fetch = typeof globalThis.fetch;

/** Makes one call by the platform's fetch (side `a`) or by a wrapped one (`b`), and tells all that can be seen of it. */
export async function observeFetch(
  plan: FetchPlan,
  { side, id, origins }: { readonly side: 'a' | 'b'; readonly id: string; readonly origins: Origins },
): Promise<Observation> {
  const here = origins.at(side, id);
  const place = { here, elsewhere: origins.at(side, id, 1), nowhere: origins.at(side, id, 2) };
  const abort = new Abort(plan);
  const said: unknown[] = [];
  const platform = likeness(plan.inner);
  const inner: Fetch = (...args) => {
    said.push(settingsIn(...args));
    return platform(...args);
  };
  const clock = new CountingClock();
  const fetch = side === 'a' || (plan.wrap as string) === 'SELF' ? inner : wrapped(inner, plan, clock);

  abort.at('aborted before');
  const body = giveBody(plan.body);
  const headers = giveHeaders(plan);
  const members = {
    ...methodOf(plan.method),
    ...body.members,
    ...(headers !== undefined && { headers }),
    ...(abort.signal && { signal: abort.signal }),
    ...giveSetting(plan.setting),
  };
  const { args, request, isSignalled } = giveInput(plan, members, place);
  const stage = origins.stage(side, id, {
    ...scriptOf(plan, isSignalled ? abort.way : 'whole', place),
    onPart: () => abort.at('aborted while the body is sent'),
    onWhole: () => abort.at('aborted while the answer is awaited'),
  });
  const calling = outcomeOf(called(fetch, args));
  const atOnce = { bodyUsed: request?.bodyUsed, body: body.fate() };
  abort.at('aborted at once');
  const outcome = await calling;
  const end = await endOf(outcome, abort, plan.look);
  const aborted = abort.reason;
  abort.at('aborted afterwards');
  await turns();
  const requests = withoutSide(await requestsSeen(stage));
  const seen = {
    requests,
    'said to fetch': said[0],
    'right after the call': atOnce,
    ...end,
    'in the end': { bodyUsed: request?.bodyUsed, body: body.fate() },
  };
  origins.clear(side, id);
  return {
    seen: withoutSide(seen),
    arrived: [...stage.arrived],
    requests,
    waits: clock.waits,
    hasAnswer: outcome.kind === 'resolved',
    outcome,
    aborted,
  };
}

/** A method as it is said: what is no text is made one. */
function methodOf(method: string): { readonly method?: unknown } {
  const odd: Readonly<Record<string, object>> = {
    none: {},
    empty: { method: '' },
    'an object': { method: { toString: () => 'PUT' } },
  };
  return odd[method] ?? { method };
}

/** Calls, and has an error that is thrown at once told from a rejection. */
function called(fetch: Fetch, args: readonly unknown[]): unknown {
  try {
    return fetch(...(args as Parameters<Fetch>));
  } catch (error) {
    return Promise.reject(new Error('It threw, instead of rejecting', { cause: error }));
  }
}

function wrapped(inner: Fetch, { wrap }: FetchPlan, clock: CountingClock): Fetch {
  const merge = keepLocal();
  const defaults = { merge, retry: { delay: () => 0, jitter: false, limit: 2 } };
  const options: Readonly<Record<string, RecoveryOptions<Record<string, unknown>>>> = {
    routes: { routes: { ':side/:call/*': {} } },
    'no route': { routes: { 'nowhere/:id': {} } },
    'no memory': { memory: 0 },
  };
  const recovering: unknown = withConflictRecovery(inner, { clock, defaults, ...options[wrap] });
  return recovering as Fetch;
}
