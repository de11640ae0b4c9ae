import { equal } from '../core/equal.ts';
import type { MediaKind } from '../core/media.ts';
import { putVersion } from '../core/precondition.ts';
import { fitsNoBody, isInBody } from '../core/version-rule.ts';
import { stopped } from '../errors.ts';
import { leavesOrigin } from '../recovery/address.ts';
import { newVersion } from '../recovery/creating.ts';
import { patchFormat, patchType, unpatched, type Intent } from '../recovery/intent.ts';
import { rejected, type Built, type Decided, type Prepared, type Target } from '../recovery/records.ts';
import { baseState, faultsOf, localState, remoteState } from '../recovery/states.ts';
import {
  addWriteId,
  idsAfter,
  sameState,
  saysUnseen,
  withWriteIds,
  writeIdsIn,
} from '../recovery/write-id.ts';
import type { Reason } from '../report.ts';
import type { Route } from '../route.ts';
import { contentOf, jsonFor, valueOf, type Json, type Representation } from '../shell/representation.ts';
import { renewHeaders, requestOf, type HttpRequest } from '../shell/transport.ts';

/** The parts that a request is built of. */
interface Parts {
  readonly intent: Intent;
  readonly target: Target;
  /** The id that the write gets, where the route gives writes one. */
  readonly id: string | undefined;
  /** Makes an idempotency key. */
  readonly newKey: () => string;
  /** Whether the server has answered an earlier send by a success: a key that it knows stands for that answer. */
  readonly isAnswered: boolean;
}

/** The same, onto a state that is there. */
export interface Onto extends Parts {
  readonly latest: Representation;
}

/** Builds the request of a decision: under the fresh version, and only if it changes anything. */
export async function build(
  decided: Extract<Decided, { kind: 'write' | 'delete' }>,
  onto: Onto,
  route: Route,
): Promise<Built> {
  return decided.kind === 'delete'
    ? buildDelete(onto, decided.by === 'caller', route)
    : buildWrite(decided.value, decided.by, onto, route);
}

async function buildWrite(
  value: unknown,
  by: 'caller' | 'merge' | 'person',
  onto: Onto,
  route: Route,
): Promise<Built> {
  const { intent, latest, id, newKey, isAnswered } = onto;
  const { write, body } = intent;
  const { kind, version } = latest;
  const { request, document } = draft(value, onto, route);
  // The server gets the value as JSON has it, so that is compared and validated.
  const content = contentOf(kind, document, route);
  if (content === undefined) {
    const what = `The merge returned no ${kind === 'bytes' ? 'Uint8Array' : kind} value`;
    throw stopped(write.method, write.url, 'merge-error', what);
  }
  const merged = valueOf(kind, content, route);
  const remote = remoteState(latest, route);
  const isSame = sameState(route, merged, remote) && !saysUnseen(route, merged, remote);
  if (isSame && !route.batch?.isPast(version))
    return by === 'merge' && saysNothing(onto, route) ? rejected(noChange) : { kind: 'unchanged' };
  const broken = await faultsOf(kind, content, route);
  const said = intent.said(kind);
  // A null of a patch removes a member, or is its value: the schema may tell which.
  const other = broken && intent.format?.otherwise?.(said, merged);
  if (other && !equal(other, merged)) return buildWrite(other, by, onto, route);
  if (broken) return rejected({ code: 'merged-invalid', reason: broken });

  const isAsAsked = request.method === write.method;
  const format = (isAsAsked ? intent.format : undefined) ?? patchFormat(request, route);
  const states = {
    base: baseState(intent, kind),
    remote: remoteState(latest, route),
    merged,
    asked: intent.format && write.state === undefined ? said : undefined,
    fresh: format && draft({}, onto, route).document,
  };
  const toSay = format ? format.between(states) : ({ kind: 'patched', value: merged } as const);
  if (toSay.kind !== 'patched') return rejected(unpatched(toSay));
  // A body that still equals the caller's goes out in the caller's own bytes; with the same method, it is the same request.
  const isOwn = equal(toSay.value, said);
  const isAnother = !isOwn || !isAsAsked || isAnswered;
  if (isAnother) renewHeaders(request.headers, newKey);
  const ids = idsAfter(merged, id, route);
  const added = addWriteId(toSay.value, { headers: request.headers, ids, id }, route);
  const words =
    isOwn && !added.isInBody
      ? body.content
      : (contentOf(kind, added.value, wireOf(request, route)) ?? content);
  const state = added.isInBody ? contentOf(kind, withWriteIds(route.writeId, merged, ids), route) : content;
  return ready({
    request: { ...request, content: words },
    origin: by === 'caller' ? 'conditional' : 'merged',
    state,
    version,
    latest,
    writeId: added.writeId,
  });
}

/**
 * Makes the delete of a newer version. Its body says nothing but the version, where that stands there. A version that has no
 * place in it is a reason to stop: nothing is deleted without.
 */
function buildDelete(onto: Onto, isAsked: boolean, route: Route): Built {
  const { intent, latest, id } = onto;
  const { content: said } = intent.body;
  const inBody = isInBody(route.version.remove ?? []);
  if (!inBody && said === '' && !fitsNoBody(route.version)) return rejected({ code: 'no-version' });
  const { request, document } = draft(
    inBody ? (said === '' ? {} : intent.said('json')) : undefined,
    onto,
    route,
  );
  const { writeId } = addWriteId(undefined, { headers: request.headers, id }, route);
  if (inBody) request.headers.set('content-type', 'application/json');
  const content = inBody ? (contentOf('json', document, route) ?? '') : request.content;
  const origin = isAsked ? 'conditional' : 'merged';
  return ready({ request: { ...request, content }, origin, version: latest.version, latest, writeId });
}

/** Makes the write that creates a state anew: without a version, and only if there still is nothing. */
export async function rebuild(
  { intent, target, id, newKey }: Parts,
  route: Route,
): Promise<Exclude<Built, { kind: 'unchanged' }>> {
  const { write, body, format } = intent;
  const kind: MediaKind = intent.kind ?? 'json';
  const local = localState(intent, kind, undefined);
  if ('code' in local) return rejected(local);
  const whole = contentOf(kind, local.value, route);
  const broken = whole === undefined ? undefined : await faultsOf(kind, whole, route);
  if (broken) return rejected({ code: 'merged-invalid', reason: broken });

  const { url, headers } = requestOf(write, body, target);
  const parts = { headers, query: url.searchParams, document: local.value };
  const version = newVersion(route);
  const document = putVersion(route.version, version, parts);
  const added = addWriteId(document, { headers, ids: idsAfter(document, id, route), id }, route);
  const state = contentOf(kind, added.value, route);
  if (state === undefined) return rejected({ code: 'content-type' });
  if (!version) headers.set('if-none-match', '*');
  const isOwn = !format && !added.isInBody && equal(document, intent.said(kind));
  if (!isOwn) renewHeaders(headers, newKey);
  // A patch makes nothing new, so the whole state goes out, and isn't called a patch.
  if (format) headers.set('content-type', 'application/json');
  // A server that creates elsewhere may not know the header, and would overwrite.
  const { create } = route;
  const at = create.at ? new URL(create.at(new URL(url)), url) : url;
  if (leavesOrigin(url, at)) return rejected({ code: 'redirect' });
  const method = create.at || route.replace === 'POST' ? create.method : 'PUT';
  const content = isOwn ? body.content : (contentOf(kind, added.value, wireOf({ headers }, route)) ?? state);
  const request = { method, url: at, headers, content };
  return ready({ request, origin: 'merged', state, version, writeId: added.writeId });
}

/** The next request with its document, both with the fresh version in every place that carries it. */
function draft(
  value: unknown,
  { intent, target, latest }: Onto,
  route: Route,
): { request: HttpRequest; document: unknown } {
  const request = requestOf(intent.write, intent.body, target);
  const { url, headers } = request;
  headers.delete('if-none-match');
  if (target.method === 'PATCH' && intent.write.method !== 'PATCH')
    headers.set('content-type', patchType(route));
  const document = withWriteIds(route.writeId, value, writeIdsIn(route, latest));
  const parts = { headers, query: url.searchParams, document };
  return { request, document: putVersion(route.version, latest.version, parts) };
}

/**
 * Whether the value that is written is the very one that it was made of, and only the caller says that it was ever the state:
 * an optimistic cache shows such a value.
 */
function saysNothing({ intent, latest }: Onto, route: Route): boolean {
  if (!intent.write.isClaimed) return false;
  const { kind } = latest;
  const local = localState(intent, kind, remoteState(latest, route));
  return 'value' in local && sameState(route, baseState(intent, kind), local.value);
}

const noChange: Reason = {
  code: 'base-unknown',
  reason: 'It is the value itself, which does not say what has changed',
};

/** The functions for the body of a request. */
function wireOf({ headers }: Pick<HttpRequest, 'headers'>, route: Route): Json {
  return jsonFor(route, headers.get('content-type'));
}

function ready(prepared: Prepared): Extract<Built, { kind: 'ready' }> {
  return { kind: 'ready', prepared };
}
