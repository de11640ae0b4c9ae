import { isHTTPError } from 'ky';
import { isPage, isUntyped } from '../core/media.ts';
import { stopped } from '../errors.ts';
import type { UpdateRetries } from '../defaults.ts';
import type { Overrides } from '../options.ts';
import { leavesOrigin, readAt } from '../recovery/address.ts';
import { unreadCode } from '../recovery/shown.ts';
import type { KnownState } from '../recovery/known-state.ts';
import type { WriteResult } from '../report.ts';
import type { Route } from '../route.ts';
import { discard } from '../shell/body.ts';
import { valueOf } from '../shell/representation.ts';
import { isRequest, type Settings } from '../shell/request.ts';
import { brokenAt } from '../shell/schema.ts';
import { isRedirect } from '../shell/transport.ts';
import { call } from './call.ts';
import { handleResult } from './handle-values.ts';
import type { SingleWriteOptions } from './single-write.ts';
import { bodyOf, valueAndVersion } from './result.ts';
import type { Session } from './request-sender.ts';
import type { ClientInstance } from './client-instance.ts';
import type { HeadersInput } from '../shell/kept-headers.ts';

/** One resource, and the client that reaches it. */
export interface ResourceTarget {
  readonly client: ClientInstance;
  readonly route: Route;
  readonly url: URL;
  /** The retries of its updates, which are more than those of its other writes. */
  readonly updates: UpdateRetries;
  /** The address where the resource is found, if another one is written to. */
  readonly home?: URL;
  /** Options of a single write. */
  readonly singleWrite?: SingleWriteOptions;
}

/** A state of the resource, and the result of an update that has nothing to write to it. */
export interface ResourceState {
  readonly known: KnownState;
  readonly result: WriteResult;
}

/** The options of a read. A read for a write follows no redirect, as credentials must not go elsewhere. */
export interface ReadOptions extends Settings {
  readonly session?: Session;
  readonly signal?: AbortSignal;
  readonly headers?: HeadersInput;
}

/** The options of a write. */
export interface SendOptions extends Settings {
  readonly session?: Session;
  readonly recovery?: Overrides;
  readonly base?: unknown;
  readonly signal?: AbortSignal;
  readonly headers?: HeadersInput;
}

/**
 * Reads the state of a resource.
 *
 * @throws {RecoveryError} for a body that can't be read, or that breaks the schema. Else ky's own errors.
 */
export async function readState(
  { client, route, url }: ResourceTarget,
  { session = {}, ...options }: ReadOptions = {},
): Promise<ResourceState> {
  const from = readAt(route, url);
  const asked = isRequest(from) ? from : undefined;
  const at = new URL(isRequest(from) ? from.url : from);
  if (leavesOrigin(url, at)) throw stopped('GET', at, 'redirect', 'readFrom leads to another origin');
  const headers = withAccept(client, options.headers);
  for (const [name, value] of asked?.headers ?? []) headers.set(name, value);
  // The address of a `Request` doesn't identify what the `Request` reads.
  let href = asked ? undefined : at.href;
  // A search parameter of the client, or a hook, may have changed the address.
  const onAnswer = (_: Response, to: URL): unknown => (href &&= to.href);
  const asking = { redirect, ...options, headers } as const;
  const inside = { onAnswer, session, throws: true };
  const response = await call(client, asked?.method ?? 'GET', from, asking, inside).catch(
    (error: unknown) => {
      throw isHTTPError(error) && isRedirect(error.response) ? stopped('GET', at, 'redirect') : error;
    },
  );
  const type = response.headers.get('content-type');
  const code = unreadCode(response, at, route);
  const isUnasked = headers.get('accept') === accepted && isPage(type);
  if (code || isUnasked) {
    discard(response);
    throw code ? stopped('GET', at, code) : stopped('GET', at, 'content-type', aPage);
  }
  const body = await bodyOf(route, response, client.shared.clock, options.signal).catch((cause: unknown) => {
    throw options.signal?.aborted ? cause : stopped('GET', at, 'read-error', undefined, cause);
  });
  if ('code' in body) throw stopped('GET', at, body.code);
  // A body of no type that was found to be JSON is written as JSON.
  const untyped = body.kind === 'json' ? 'application/json' : 'application/octet-stream';
  const known = { url: href, type: type === null || isUntyped(type) ? untyped : type, ...body };
  const broken = await brokenAt(route.schema, valueOf(body.kind, body.content, route));
  if (broken) throw stopped('GET', at, 'remote-invalid', broken);
  const result = { outcome: 'unchanged', attempts: [], ...valueAndVersion(known, route), response } as const;
  return { known, result: handleResult(result, known) };
}

/** No request of a handle follows a redirect: credentials, known to fetch as such or not, would go along. */
export const redirect = 'manual';

const accepted = 'application/json, */*;q=0.5';

const aPage = 'A page came, such as a login shows. Set Accept if it is what you read';

/** Adds the `Accept` of a handle, unless the call or the client has one. */
export function withAccept({ defaults }: ClientInstance, own: HeadersInput | undefined): Headers {
  const headers = new Headers(own);
  const isSaid = headers.has('accept') || new Headers(defaults.headers as HeadersInput).has('accept');
  if (!isSaid) headers.set('accept', accepted);
  return headers;
}
