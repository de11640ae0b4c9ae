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
import type { PreconditionHook } from './precondition-hook.ts';
import type { ClientInstance } from './client-instance.ts';
import type { TimeLeft } from './time-left.ts';
import type { UnsentEnd } from './unsent.ts';

/** Returns the ky options of a write that recovery handles. */
export function kyOptionsForWrite(
  kyOptions: Options,
  time: TimeLeft,
  precondition: PreconditionHook | undefined,
  unsent: UnsentEnd,
  toOurError: BeforeErrorHook,
): Options {
  const { retry, hooks } = kyOptions;
  const { delay } = typeof retry === 'object' ? retry : {};
  // Only a hook can still ask for a retry: a retry of ky's own could turn a lost answer into a conflict.
  const hookRetry = { ...(typeof retry === 'number' ? { limit: retry } : retry), methods: [] };
  const cappedDelay = delay && { delay: (count: number) => time.capDelay(delay(count)) };
  return {
    timeout: false,
    totalTimeout: false,
    retry: hooks?.afterResponse?.length ? { ...hookRetry, ...cappedDelay } : 0,
    hooks: {
      ...hooks,
      // Only hooks copy the request: without hooks a request needs no precondition here.
      beforeRequest: [
        ...(precondition && isHooked(hooks) ? [withinTime(time, precondition)] : []),
        ...time.wrapHooks(hooks?.beforeRequest),
      ].map((hook) => withReport(hook, time, unsent)),
      afterResponse: time.wrapHooks(hooks?.afterResponse).map((hook) => withCappedDelay(time, hook)),
      beforeRetry: time
        .wrapHooks(hooks?.beforeRetry)
        .map((hook) => withTimeoutReport(hook, kyOptions, toOurError)),
      beforeError: [...(hooks?.beforeError ?? []), toOurError],
    },
  };
}

/** Wraps a hook so that the write has a report if the hook ends it. */
function withReport(hook: BeforeRequestHook, time: TimeLeft, unsent: UnsentEnd): BeforeRequestHook {
  return async (state) => {
    const { request } = state;
    try {
      const given = await hook(state);
      if (given && 'ok' in given) unsent.answered(request, given);
      return given;
    } catch (error) {
      unsent.failed(request, error, time.isTimeoutError(error));
      throw error;
    }
  };
}

/** Wraps a hook so that its retry waits no longer than the time that is left: ky's own bound is off. */
function withCappedDelay(time: TimeLeft, hook: AfterResponseHook): AfterResponseHook {
  return async (state) => {
    const returned = await hook(state);
    const { delay } = isMarker(returned) ? (returned.options ?? {}) : {};
    return delay === undefined
      ? returned
      : ky.retry({ ...(returned as Marker).options, delay: time.capDelay(delay) });
  };
}

/**
 * Wraps a hook so that the `beforeError` hooks hear of its timeout: ky doesn't pass them what a `beforeRetry` hook throws.
 */
function withTimeoutReport(
  hook: BeforeRetryHook,
  kyOptions: Options,
  toOurError: BeforeErrorHook,
): BeforeRetryHook {
  return async (state) => {
    try {
      return await hook(state);
    } catch (error) {
      if (!isTimeoutError(error) || error.request !== state.request) throw error;
      const options = kyOptions as NormalizedOptions;
      throw await toOurError({
        ...state,
        options,
        error: await runBeforeErrorHooks({ ...state, error }, kyOptions),
      });
    }
  };
}

/** Returns an error as the caller's `beforeError` hooks change it. */
export async function runBeforeErrorHooks(
  state: Omit<BeforeErrorState, 'options'>,
  kyOptions: Options,
): Promise<Error> {
  let { error } = state;
  for (const hook of kyOptions.hooks?.beforeError ?? []) {
    const returned: unknown = await hook({ ...state, options: kyOptions as NormalizedOptions, error });
    if (returned instanceof Error) error = returned;
  }
  return error;
}

function withinTime(time: TimeLeft, precondition: PreconditionHook): BeforeRequestHook {
  return ({ request }) => time.within(request, (signal) => precondition(request, signal), request.signal);
}

function isHooked(hooks: Options['hooks']): boolean {
  return [hooks?.beforeRequest, hooks?.afterResponse, hooks?.beforeError].some((list) => list?.length);
}

/** Restores the caller's own `json` value, which is to be sent: ky copies it for init hooks, and one of these is ours. */
export function restoreJson(all: Options, own: Options, { json, hooks }: Options): void {
  const isOurs = ![hooks, own.hooks].some((all) => all?.init?.length);
  // ky has merged what both the client and the call give.
  if (isOurs && (own.json === undefined || json === undefined) && all.json) all.json = own.json ?? json;
}

/** Returns the timeouts that are set for a call, by its options or by an init hook. */
export function timeoutsOf(
  kyOptions: Options,
  own: Options,
  { defaults }: ClientInstance,
): Pick<Options, 'timeout' | 'totalTimeout'> {
  const timeOf = (name: 'timeout' | 'totalTimeout'): Options['timeout'] =>
    kyOptions[name] === defaults[name] ? own[name] : kyOptions[name];
  return { timeout: timeOf('timeout'), totalTimeout: timeOf('totalTimeout') } as Options;
}
