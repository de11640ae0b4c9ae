import { classify as classifyStatus, leavesOpen } from '../core/verdict.ts';
import { foreignPrecondition } from '../core/precondition.ts';
import { isTaken } from '../recovery/accept.ts';
import { leavesOrigin } from '../recovery/address.ts';
import type { Call } from '../recovery/call.ts';
import { createsBy, isConditional, isNew } from '../recovery/creating.ts';
import type { Intent } from '../recovery/intent.ts';
import { carriedIn, opinionOn, refusalText } from '../recovery/problem.ts';
import type { AmbiguousVerdict, Prepared, SendResult, Target, Verdict } from '../recovery/records.ts';
import { isGone } from '../recovery/shown.ts';
import { leavesState, localState } from '../recovery/states.ts';
import { canBeRead } from '../recovery/write-id.ts';
import type { Reason } from '../report.ts';
import type { Route } from '../route.ts';
import { hasKey } from '../shell/transport.ts';

/**
 * The verdict on an answer that needs no look at what was sent; `undefined` for one that does.
 *
 * @param prepared What was sent, where that isn't just what the caller asked for.
 */
export async function screen(
  answer: SendResult,
  prepared: Prepared | undefined,
  target: Target,
  call: Call,
): Promise<Verdict | undefined> {
  if (answer.kind === 'unanswered') return undefined;
  const { response } = answer;
  const final = { kind: 'final', response } as const;
  // An object that is only like a Response, without headers, can't be examined.
  if (!('headers' in response) || isTaken(call, response, prepared !== undefined)) return final;
  const isOwn = isAnswered(response, call.route);
  if (isOwn && !mayConflict(response, prepared, target, call)) return final;
  if (call.write.body) return undefined;
  // Its body is spent: it was sent once, and its answer stands.
  const { verdict } = isOwn && response.ok ? await opinionOn(call, response, false) : {};
  if (verdict === 'final') return endedBy(response, { code: 'not-a-conflict' });
  const isRefused = isOwn && (!response.ok || verdict !== undefined);
  return isRefused ? endedBy(response, { code: 'unrepeatable-body' }) : final;
}

/** Says what an answer means, by what was sent. */
export async function classify(
  answer: SendResult,
  sent: Prepared,
  intent: Intent,
  call: Call,
): Promise<Verdict> {
  const { route, write, journal } = call;
  if (answer.kind === 'unanswered') return lost(undefined, sent, !answer.isUnsent, call);
  const { response } = answer;
  if (!isAnswered(response, route)) return lost(response, sent, leavesOpen(response.status), call);
  if (isKeyed(sent, call) && /idempoten/i.test((await keyAnswer(call, response)) ?? ''))
    return response.status === 422
      ? endedBy(response, { code: 'key-reuse' })
      : lost(response, sent, true, call);

  const isOwn = sent.origin === 'caller';
  const creates = createsBy(sent, intent);
  const refused = creates ? undefined : sent.version;
  // A 404 is nothing that the route's functions are asked about.
  const isListed = route.conflictStatuses.includes(response.status);
  const looks = creates && route.create.find !== undefined;
  const { verdict, answer: said, state, header } = await opinionOn(call, response, looks);
  // That a status is listed says only that it may be a conflict: a 5xx may as well come from a gateway.
  if (!verdict && !state && leavesOpen(response.status)) return lost(response, sent, true, call);
  const outcome = classifyStatus({
    status: response.status,
    redirected: response.redirected,
    versioned: refused !== undefined || !isOwn,
    creating: creates && isOwn,
    foreign: foreignPrecondition(route.version, write.headers),
    verdict,
  });
  // It tells of a deletion only where the write named a version of what was there.
  const isDeleted =
    isGone(response, route) && outcome.kind === 'stale' && refused !== undefined && refused.length > 0;
  // A server that answers 200 to all has its refusals told by the route.
  if (verdict === 'final' && response.ok) return endedBy(response, { code: 'not-a-conflict' });
  if (outcome.kind === 'final' || !(isListed || isDeleted)) return { kind: 'final', response };
  if (outcome.kind === 'unsolvable') {
    const reason = outcome.code === 'no-version' ? intent.malformed() : undefined;
    return endedBy(response, reason ? { code: 'version-malformed', reason } : { code: outcome.code });
  }
  if (outcome.kind === 'in-progress') {
    const busy = lost(response, sent, leavesOpen(response.status), call);
    // The server has done nothing yet, so that the same request makes nothing twice.
    return busy.inDoubt ? busy : { ...busy, canResend: true };
  }
  if (outcome.kind === 'resend') return resend(response, sent, header);
  // A part was made: from now on it is in doubt what of the write is there.
  const part = verdict === 'partial' ? { ...sent, isPart: true } : undefined;
  if (part) journal.lost(response.status, true);
  if (!isListed && route.onConflict.gone === 'fail') return endedBy(response, { code: 'gone' });
  const found = outcome.kind === 'exists' ? locate(intent, route, said) : undefined;
  if (found && 'code' in found) return endedBy(response, found);
  return {
    kind: 'conflict',
    response,
    reason: outcome.kind,
    refused,
    creates,
    carried: journal.attempt === 1 ? carriedIn(route, response, state) : undefined,
    latest: sent.latest,
    target: found,
    inDoubt: part,
  };
}

/** Whether the server has answered for itself: no gateway and no overload got in between. */
function isAnswered({ status, redirected }: Response, { conflictStatuses }: Route): boolean {
  return (status !== 429 && !leavesOpen(status)) || redirected || conflictStatuses.includes(status);
}

/** Whether an answer may mean a conflict: by its status, or because what is to be changed isn't there. */
function mayConflict(response: Response, sent: Prepared | undefined, target: Target, call: Call): boolean {
  const { route, write } = call;
  const { status } = response;
  if (route.conflictStatuses.includes(status)) return true;
  if (write.body === undefined) return false;
  return (isGone(response, route) && leavesState(target, route)) || (status === 422 && isKeyed(sent, call));
}

/** Turns to the resource that was to be created and exists, or says why not. Where a POST's is, only the route can say. */
function locate(intent: Intent, route: Route, body: unknown): Target | Reason | undefined {
  const { write } = intent;
  const { at, find } = route.create;
  if (route.onConflict.exists === 'fail') return { code: 'exists' };
  // A PUT names the resource, unless the route creates it elsewhere.
  if (write.method !== 'POST' && !(at && find)) return undefined;
  if (!find) return { code: 'exists' };
  const local = localState(intent, intent.kind ?? 'json', undefined);
  if ('code' in local) return local;
  const found = find({ value: local.value, url: new URL(write.url), body });
  if (found === undefined) return { code: 'exists' };
  const url = new URL(found, write.url);
  // The author of the refusal may try to lead the write, and its credentials, to another origin.
  if (leavesOrigin(write.url, url)) return { code: 'redirect' };
  return { method: route.replace, url };
}

/** Takes down a send that was lost. */
function lost(
  response: Response | undefined,
  sent: Prepared,
  isOpen: boolean,
  { write, route, journal }: Call,
): AmbiguousVerdict {
  journal.lost(response?.status, isOpen);
  return {
    kind: 'ambiguous',
    response,
    sent,
    reason: sent.origin === 'caller' && isNew(sent, route) ? 'exists' : 'stale',
    inDoubt: isOpen ? sent : undefined,
    canResend: (!isOpen && isConditional(sent, route)) || isKnownAgain(sent, route),
    canBeRead: isOpen && canBeRead(sent, write, route),
  };
}

/** A key of the caller's own says nothing of the server, so where there is a version that goes first. */
function isKnownAgain(sent: Prepared, route: Route): boolean {
  const isSure = route.keyHeader !== undefined || !isConditional(sent, route);
  return isSure && hasKey(sent.request.headers);
}

function isKeyed(sent: Prepared | undefined, { write }: Call): boolean {
  return (sent?.request.headers ?? write.headers).has('idempotency-key');
}

/** The text of an answer that may be about the key (draft-ietf-httpapi-idempotency-key-header §2.7). */
async function keyAnswer(call: Call, response: Response): Promise<string | undefined> {
  const { status } = response;
  return status === 409 || status === 422 ? refusalText(call, response) : undefined;
}

/** Takes a header of a refusal. One that it doesn't show, or that was just refused, is a reason to stop. */
function resend(response: Response, sent: Prepared, token: string): Verdict {
  const fresh = token && response.headers.get(token);
  if (!fresh)
    return endedBy(response, { code: 'no-version', reason: `It shows no ${token || 'header to resend'}` });
  const headers = new Headers(sent.request.headers);
  if (headers.get(token) === fresh) return endedBy(response, { code: 'no-progress' });
  headers.set(token, fresh);
  return { kind: 'resend', response, prepared: { ...sent, request: { ...sent.request, headers } } };
}

/** The server's answer stands, and recovery can't go on from it. */
function endedBy(response: Response, failure: Reason): Verdict {
  return { kind: 'rejected', response, failure };
}
