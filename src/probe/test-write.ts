import type { Precondition } from '../core/finding.ts';
import { putVersion } from '../core/precondition.ts';
import type { Version } from '../core/version.ts';
import { isInBody } from '../core/version-rule.ts';
import { stopped } from '../errors.ts';
import { discard } from '../shell/body.ts';
import { contentOf, jsonFor, valueOf, type Representation } from '../shell/representation.ts';
import { isRedirect } from '../shell/transport.ts';
import type { Call } from '../recovery/call.ts';
import { patchType } from '../recovery/intent.ts';
import { opinionOn } from '../recovery/problem.ts';
import type { Prepared } from '../recovery/records.ts';
import { send } from '../stages/send.ts';

/** The server's reaction to a write. */
export interface Taken {
  readonly precondition: Precondition;
  readonly status: number;
}

export function isTaken({ precondition }: Taken): boolean {
  return precondition === 'ignored';
}

/** Sends a write, and tells how the server reacted. */
export async function put(call: Call, prepared: Prepared): Promise<Taken> {
  const { route, write } = call;
  const sent = await send(call, prepared, 0);
  if (sent.kind !== 'answered') {
    const code = sent.isUnsent ? 'network-error' : 'outcome-unknown';
    throw stopped(write.method, write.url, code, undefined, sent.cause);
  }
  const { response: answer } = sent;
  const { status, ok } = answer;
  // A fetch that follows a redirect against its instructions may have turned the write into a GET.
  const isElsewhere = answer.redirected || isRedirect(answer);
  // 428 says that the server saw no version.
  const isListed = !isElsewhere && status !== 428 && route.conflictStatuses.includes(status);
  const { verdict: own } = isListed ? await opinionOn(call, answer, false) : {};
  // A conflict may come with a success status, if the route recognises it.
  const isOther = own === 'final' || own === 'in-progress' || own === 'resend';
  const isStale = isListed && (ok ? own === 'stale' : !isOther);
  discard(answer);
  // A 202 says that the write was taken on, and not that it was made.
  const isMade = ok && !isElsewhere && (status === 202 ? 'accepted' : 'ignored');
  return { precondition: isStale ? 'checked' : isMade || 'refused-otherwise', status };
}

/** Makes the write of a state under a version. Without a version, the write carries none. */
export function testWrite(
  { route, write }: Call,
  { kind, content, response, version: right }: Representation,
  version: Version | undefined,
  body: ((state: unknown) => unknown) | undefined,
): Prepared {
  const url = new URL(write.url);
  const headers = new Headers([...write.headers]);
  const { method } = write;
  const type = method === 'PATCH' ? patchType(route) : (route.writes ?? response.headers.get('content-type'));
  if (type && !headers.has('content-type')) headers.set('content-type', type);
  const inBody = isInBody(route.version.write);
  // A state that needs no change is sent back as it came.
  const wire = jsonFor(route, headers.get('content-type'));
  const isAsRead = !body && !inBody && wire === route;
  const state = isAsRead ? undefined : valueOf(kind, content, route);
  const parts = { headers, query: url.searchParams, document: body ? body(state) : state };
  const document = putVersion(route.version, version, parts);
  const said = isAsRead ? content : contentOf(kind, document, wire);
  if (said === undefined) throw new TypeError(`body gave nothing that can be sent as ${kind}.`);
  const request = { method, url, headers, content: said };
  return { request, origin: 'merged', state: said, version: version ?? right };
}
