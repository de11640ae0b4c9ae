import ky, { type Options } from 'ky';
import { createClient, keepLocal } from 'remerge';
import { scriptOf } from './answers.ts';
import type { ClientPlan } from './client-plan.ts';
import { CountingClock } from './counting-clock.ts';
import { giveOptions } from './ky-options.ts';
import { lookAtPromise } from './client-looks.ts';
import { endOf, outcomeOf, requestsSeen, turns, withoutSide, type Observation } from './observation.ts';
import { isOwnParse } from './allowance.ts';
import type { Origins } from './origins.ts';
import { Abort } from './signals.ts';

/** A caller's view of ky and of a client: what both have. */
type Instance = Record<string, (input: unknown, options?: unknown) => Promise<Response>> &
  ((input: unknown, options?: unknown) => Promise<Response>) & { extend: (defaults: unknown) => Instance };

/** Makes one call by plain ky (side `a`) or by a client (`b`), and tells all that can be seen of it. */
export async function observeClient(
  plan: ClientPlan,
  { side, id, origins }: { readonly side: 'a' | 'b'; readonly id: string; readonly origins: Origins },
): Promise<Observation> {
  const here = origins.at(side, id);
  const place = { here, elsewhere: origins.at(side, id, 1), nowhere: origins.at(side, id, 2) };
  const abort = new Abort(plan);
  const stage = origins.stage(side, id, {
    ...scriptOf(plan, abort.way, place),
    onWhole: () => abort.at('aborted while the answer is awaited'),
  });
  const noted: (readonly unknown[])[] = [];
  const note = (...what: readonly unknown[]): void => void noted.push(what);
  abort.at('aborted before');
  const { args, options, fate } = giveOptions(plan, { ...place, signal: abort.signal, note });
  const clock = new CountingClock();
  const make = side === 'a' || (plan.route as string) === 'SELF' ? plainKy : clientOf(plan, clock);
  let hasAnswer = false;
  const onAnswer = (): void => {
    hasAnswer = true;
    void turns(2).then(() => abort.at('aborted while the answer is read'));
  };
  const calling = outcomeOf(called(plan, make, args, options, note, onAnswer));
  abort.at('aborted at once');
  const outcome = await calling;
  const end = await endOf(outcome, abort, 'none');
  const aborted = abort.reason;
  abort.at('aborted afterwards');
  await turns();
  const requests = withoutSide((await requestsSeen(stage)).map(withoutFraming));
  const seen = {
    requests,
    noted: side === 'a' ? noted : noted.filter((what) => !isOwnParse(what)),
    ...end,
    'in the end': { body: fate() },
  };
  origins.clear(side, id);
  return {
    seen: withoutSide(seen),
    arrived: [...stage.arrived],
    requests,
    waits: clock.waits,
    hasAnswer,
    outcome,
    aborted,
  };
}

/**
 * What a client's request may have otherwise. It keeps a body as a value, so it knows the length of what ky sends in chunks,
 * as of a Request that a hook made. And Node forgets the referrer of a Request that is made of another one.
 */
function withoutFraming<Told extends { readonly headers: readonly string[] }>(told: Told): Told {
  const differs = /^(content-length|transfer-encoding|referer):/;
  return { ...told, headers: told.headers.filter((header) => !differs.test(header)) };
}

function plainKy(options: Options): Instance {
  return ky.create(options) as unknown as Instance;
}

function clientOf({ route }: ClientPlan, clock: CountingClock): (options: Options) => Instance {
  const own = { merge: keepLocal(), retry: { delay: () => 0, jitter: false, limit: 2 } };
  // A path goes by the baseUrl of the instance, if it has one: that has side and call in it.
  const paths = { matches: [':side/:call/*', 'notes/:id', 'x/:id'], another: ['nowhere/:id'] }[
    route as string
  ];
  const routes = Object.fromEntries((paths ?? []).map((path) => [path, own]));
  return (options) => createClient({ ...options, clock, routes } as never) as unknown as Instance;
}

async function called(
  plan: ClientPlan,
  make: (options: Options) => Instance,
  args: readonly unknown[],
  options: Options,
  note: (...what: readonly unknown[]) => void,
  onAnswer: () => void,
): Promise<unknown> {
  const { said, verb, clientLook } = plan;
  const atCall = said === 'at the call' ? options : undefined;
  let instance = make(said === 'by the instance' ? options : {});
  if (said === 'by an extension') instance = instance.extend(options);
  if (said === 'by an extending function') instance = instance.extend(() => options);
  const method = verb === 'itself with a method' ? { method: 'put' } : undefined;
  const call = verb.startsWith('itself') ? instance : instance[verb];
  let promise;
  try {
    promise = call?.(...(args as [unknown]), ...(atCall || method ? [{ ...atCall, ...method }] : []));
  } catch (error) {
    note('threw at once');
    throw error;
  }
  note('promise', promise instanceof Promise, Object.keys(promise ?? {}).sort());
  void promise?.then(onAnswer, () => undefined);
  return lookAtPromise(promise as never, clientLook, note);
}
