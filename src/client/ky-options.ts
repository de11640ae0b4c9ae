import type { BeforeErrorHook, BeforeRequestHook, Options } from 'ky';
import type { Precondition } from './preconditioned.ts';
import type { Site } from './site.ts';
import type { TimeLeft } from './time-left.ts';

/** What is different for a write that recovery owns. */
export function owned(
  { retry, hooks }: Options,
  time: TimeLeft,
  first: Precondition | undefined,
  last: BeforeErrorHook,
): Options {
  // Only a hook can still ask for a retry: ky's own could make a conflict of a lost answer.
  const hooked = { ...(typeof retry === 'number' ? { limit: retry } : retry), methods: [] };
  return {
    timeout: false,
    totalTimeout: false,
    retry: hooks?.afterResponse?.length ? hooked : 0,
    hooks: {
      ...hooks,
      // Nobody else keeps a copy of the request.
      beforeRequest: [
        ...(first && isHooked(hooks) ? [inTime(time, first)] : []),
        ...time.bound(hooks?.beforeRequest),
      ],
      afterResponse: time.bound(hooks?.afterResponse),
      beforeRetry: time.bound(hooks?.beforeRetry),
      beforeError: [...(hooks?.beforeError ?? []), last],
    },
  };
}

function inTime(time: TimeLeft, first: Precondition): BeforeRequestHook {
  return ({ request }) => time.within(request, (signal) => first(request, signal), request.signal);
}

function isHooked(hooks: Options['hooks']): boolean {
  return [hooks?.beforeRequest, hooks?.afterResponse, hooks?.beforeError].some((list) => list?.length);
}

/** Gives back the very value that is to be sent: ky copies it for init hooks, of which ours is one. */
export function giveBack(all: Options, own: Options, { json, hooks }: Options): void {
  const isOurs = ![hooks, own.hooks].some((all) => all?.init?.length);
  // What the client and the call both say, ky has merged.
  if (isOurs && (own.json === undefined || json === undefined) && all.json) all.json = own.json ?? json;
}

/** The times that are said of a call, by itself or by an init hook. */
export function timesOf(
  said: Options,
  own: Options,
  { defaults }: Site,
): Pick<Options, 'timeout' | 'totalTimeout'> {
  const timeOf = (name: 'timeout' | 'totalTimeout'): Options['timeout'] =>
    said[name] === defaults[name] ? own[name] : said[name];
  return { timeout: timeOf('timeout'), totalTimeout: timeOf('totalTimeout') } as Options;
}
