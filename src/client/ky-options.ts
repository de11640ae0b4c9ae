import ky, {
  isTimeoutError,
  type AfterResponseHook,
  type BeforeErrorHook,
  type BeforeErrorState,
  type BeforeRequestHook,
  type BeforeRetryHook,
  type NormalizedOptions,
  type Options,
} from 'ky';
import { isMarker, type Marker } from './unauthorized.ts';
import type { Precondition } from './precondition-hook.ts';
import type { Site } from './client-instance.ts';
import type { TimeLeft } from './time-left.ts';

/** Returns the ky options of a write that recovery handles. */
export function owned(
  said: Options,
  time: TimeLeft,
  first: Precondition | undefined,
  last: BeforeErrorHook,
): Options {
  const { retry, hooks } = said;
  const { delay } = typeof retry === 'object' ? retry : {};
  // Only a hook can still ask for a retry: a retry of ky's own could turn a lost answer into a conflict.
  const hooked = { ...(typeof retry === 'number' ? { limit: retry } : retry), methods: [] };
  const inTimeToo = delay && { delay: (count: number) => time.capped(delay(count)) };
  return {
    timeout: false,
    totalTimeout: false,
    retry: hooks?.afterResponse?.length ? { ...hooked, ...inTimeToo } : 0,
    hooks: {
      ...hooks,
      // Only hooks copy the request: without hooks a request needs no precondition here.
      beforeRequest: [
        ...(first && isHooked(hooks) ? [inTime(time, first)] : []),
        ...time.bound(hooks?.beforeRequest),
      ],
      afterResponse: time.bound(hooks?.afterResponse).map((hook) => waitingIn(time, hook)),
      beforeRetry: time.bound(hooks?.beforeRetry).map((hook) => telling(hook, said, last)),
      beforeError: [...(hooks?.beforeError ?? []), last],
    },
  };
}

/** Wraps a hook so that its retry waits no longer than the time that is left: ky's own bound is off. */
function waitingIn(time: TimeLeft, hook: AfterResponseHook): AfterResponseHook {
  return async (state) => {
    const given = await hook(state);
    const { delay } = isMarker(given) ? (given.options ?? {}) : {};
    return delay === undefined
      ? given
      : ky.retry({ ...(given as Marker).options, delay: time.capped(delay) });
  };
}

/**
 * Wraps a hook so that the `beforeError` hooks hear of its timeout: ky doesn't pass them what a `beforeRetry` hook throws.
 */
function telling(hook: BeforeRetryHook, said: Options, last: BeforeErrorHook): BeforeRetryHook {
  return async (state) => {
    try {
      return await hook(state);
    } catch (error) {
      if (!isTimeoutError(error) || error.request !== state.request) throw error;
      const options = said as NormalizedOptions;
      throw await last({ ...state, options, error: await told({ ...state, error }, said) });
    }
  };
}

/** Returns an error as the caller's `beforeError` hooks change it. */
export async function told(state: Omit<BeforeErrorState, 'options'>, said: Options): Promise<Error> {
  let { error } = state;
  for (const hook of said.hooks?.beforeError ?? []) {
    const given: unknown = await hook({ ...state, options: said as NormalizedOptions, error });
    if (given instanceof Error) error = given;
  }
  return error;
}

function inTime(time: TimeLeft, first: Precondition): BeforeRequestHook {
  return ({ request }) => time.within(request, (signal) => first(request, signal), request.signal);
}

function isHooked(hooks: Options['hooks']): boolean {
  return [hooks?.beforeRequest, hooks?.afterResponse, hooks?.beforeError].some((list) => list?.length);
}

/** Restores the caller's own `json` value, which is to be sent: ky copies it for init hooks, and one of these is ours. */
export function giveBack(all: Options, own: Options, { json, hooks }: Options): void {
  const isOurs = ![hooks, own.hooks].some((all) => all?.init?.length);
  // ky has merged what both the client and the call give.
  if (isOurs && (own.json === undefined || json === undefined) && all.json) all.json = own.json ?? json;
}

/** Returns the timeouts that are set for a call, by its options or by an init hook. */
export function timesOf(
  said: Options,
  own: Options,
  { defaults }: Site,
): Pick<Options, 'timeout' | 'totalTimeout'> {
  const timeOf = (name: 'timeout' | 'totalTimeout'): Options['timeout'] =>
    said[name] === defaults[name] ? own[name] : said[name];
  return { timeout: timeOf('timeout'), totalTimeout: timeOf('totalTimeout') } as Options;
}
