import type { Input, Options, ResponsePromise } from 'ky';
import type { Fetch } from '../shell/transport.ts';
import type { HeaderFields } from '../shell/kept-headers.ts';
import { read } from '../wrap.ts';
import type { ClientInstance } from './client-instance.ts';
import { trackingParser, withTrackedJson } from './ky-response.ts';
import { sharedOf, type Session } from './request-sender.ts';

/** The internal options of a call that is passed on as it is. */
export interface RelayOptions {
  /** The session that several calls share: the calls of an update, or a write and a person's answers to it. */
  readonly session: Session;
  /** Called with the answer as it came, before any hook gets it. */
  readonly onAnswer?: (response: Response, url: URL) => void;
  /** Called with the headers that the request would have after all hooks; then nothing is sent. */
  readonly onHeaders?: (headers: HeaderFields) => void;
  /** Whether a refusal is thrown whatever `throwHttpErrors` says. */
  readonly throws?: boolean | undefined;
}

/**
 * Whether the options of a call are known before ky merges them with the client's: no init hook changes them, and of the
 * headers, which a function of the client's fills in, only one side gives some.
 */
export function areOptionsKnown({ defaults, headers }: ClientInstance, own: Options): boolean {
  // ky's `replaceOption` hides which hooks a call has.
  const hasInitHooks = own.hooks !== undefined || (defaults.hooks?.init?.length ?? 0) > 0;
  return !hasInitHooks && (!headers || own.headers === undefined);
}

/** Makes a read whose options are known. An init hook of ours, as other calls have it, would make ky copy all options. */
export function readCall(
  client: ClientInstance,
  method: string,
  input: Input,
  own: Options,
  options: RelayOptions,
): ResponsePromise {
  const { defaults, http } = client;
  const kyOptions = { ...defaults, ...own, headers: own.headers ?? defaults.headers } as Options;
  const throwing = options.throws && { throwHttpErrors: true };
  const fetch = relay(client, method.toUpperCase(), input, kyOptions, options);
  const promise = http(input, { ...own, ...throwing, ...trackingParser(kyOptions), method, fetch });
  return withTrackedJson(promise, kyOptions.stringifyJson);
}

/** Returns the fetch of a request that needs no recovery. What the answer to a GET shows is noted. */
export function relay(
  client: ClientInstance,
  verb: string,
  input: Input,
  kyOptions: Options,
  { session, onAnswer, onHeaders }: RelayOptions,
): Fetch {
  return async (given, init) => {
    const request = given as Request;
    const shared = sharedOf(client, input, kyOptions, { request, init, session });
    if (onHeaders) {
      onHeaders(shared.bases.sent?.(request.headers) ?? request.headers);
      return new Response(null, { status: 204 });
    }
    if (verb !== 'GET') return shared.fetch(request, init);
    const answer = await read(shared, client.find, request.url, request, init);
    onAnswer?.(answer, new URL(request.url));
    return answer;
  };
}
