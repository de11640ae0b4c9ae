import { classify, type Verdict } from '../core/outcome.ts';
import { foreignPrecondition } from '../core/precondition.ts';
import type { Reason } from '../report.ts';
import type { Asked } from './asked.ts';
import { hasState, locateExisting } from './decide.ts';
import { lost, type Lost } from './lost.ts';
import { carriedIn, refusalBody, refusalText } from './problem.ts';
import { isGone } from './look.ts';
import type { Refusal } from './reread.ts';
import { isCreating } from './prepare.ts';
import type { Merged, Run } from './run.ts';
import { renewed, type Renewed } from './token.ts';

/** Whether an answer may mean a conflict: by its status, or because what is to be changed isn't there. */
export function mayConflict(run: Run, response: Response, sent: Merged | undefined): boolean {
  const { route, write } = run;
  return (
    route.statusCodes.includes(response.status) ||
    (isGone(response) && hasState(run) && write.body !== undefined) ||
    (response.status === 422 && isKeyed(run, sent) && write.body !== undefined)
  );
}

/**
 * What an answer that may mean a conflict does mean: something that recovery can go on from, a reason to stop, or nothing
 * of the kind, and the answer stands.
 *
 * @param sent What was sent.
 * @param isFirst Whether it was the first send.
 */
export async function refusalIn(
  run: Run,
  asked: Asked,
  response: Response,
  sent: Merged,
  isFirst: boolean,
): Promise<Refusal | Lost | Renewed | Reason | undefined> {
  const { route, write } = run;
  if (isKeyed(run, sent) && /idempoten/i.test((await keyAnswer(run, response)) ?? ''))
    return response.status === 422 ? { code: 'key-reused' } : lost(run, response, sent, true);

  const isOwn = sent.isOriginal === true;
  const creating = isOwn ? isCreating(run, asked.version) : !sent.remote;
  const refused = creating ? undefined : sent.version;
  // A 404 is nothing that the route's functions are asked about.
  const isListed = route.statusCodes.includes(response.status);
  const findRemote = isListed && isFirst ? route.remoteInConflict : undefined;
  const looks = findRemote !== undefined || (creating && route.locate !== undefined);
  const { verdict, answer } = await opinionOn(run, response, looks);
  const outcome = classify({
    status: response.status,
    redirected: response.redirected,
    versioned: refused !== undefined || !isOwn,
    creating: creating && isOwn,
    foreign: foreignPrecondition(route.version, write.headers),
    verdict,
  });
  // It tells of a deletion only where the write named a version of what was there.
  const isDeleted =
    isGone(response) && outcome.kind === 'stale' && refused !== undefined && refused.length > 0;
  if (outcome.kind === 'final' || !(isListed || isDeleted)) return undefined;
  if (outcome.kind === 'unsolvable') return { code: outcome.code };
  if (outcome.kind === 'in-progress') return lost(run, response, sent);
  if (outcome.kind === 'renew') return renewed(run, response, sent);
  // A part was made: from now on it is in doubt what of the write is there.
  if (verdict === 'partial') lost(run, response, { ...sent, isPart: true }, true);
  if (!isListed && route.onGone === 'fail') return { code: 'gone' };
  const unlocated = outcome.kind === 'exists' && locateExisting({ run, asked }, answer);
  if (unlocated) return unlocated;
  const carried = carriedIn(run, response, findRemote?.(response, answer));
  return {
    kind: 'refused',
    response,
    reason: outcome.kind,
    refused,
    creating,
    carried,
    seen: sent.remote,
  };
}

/**
 * What the route itself says of an answer, and the body that it says so by. The answer stays readable.
 *
 * @param looks Whether somebody else wants the body, too.
 */
export async function opinionOn(
  run: Run,
  response: Response,
  looks: boolean,
): Promise<{ readonly verdict: Verdict | undefined; readonly answer: unknown }> {
  const { statusCodes, conflict } = run.route;
  const judge = statusCodes.includes(response.status) ? conflict : undefined;
  const answer = (judge ?? looks) ? await refusalBody(run, response) : undefined;
  return { verdict: judge?.(response, answer), answer };
}

function isKeyed({ write }: Run, sent: Merged | undefined): boolean {
  return (sent?.rewrite.headers ?? write.headers).has('idempotency-key');
}

/** What an answer says that may be about the key (draft-ietf-httpapi-idempotency-key-header §2.7). */
async function keyAnswer(run: Run, response: Response): Promise<string | undefined> {
  const { status } = response;
  return status === 409 || status === 422 ? refusalText(run, response) : undefined;
}
