import { rememberWritten } from './bases.ts';
import { parseRetryAfter, waitBefore } from './core/backoff.ts';
import { classify } from './core/outcome.ts';
import { foreignPrecondition } from './core/precondition.ts';
import type { Version } from './core/version.ts';
import { decide } from './decide.ts';
import { RecoveryError, stopMessage } from './errors.ts';
import { fileReport, type Ending, type Reason } from './report.ts';
import { carriedIn, latest, refusalBody, type Refusal } from './reread.ts';
import type { Route } from './route.ts';
import { askedVersion, openAsked, pause, startRun, type Asked, type Run, type World } from './run.ts';
import { discard } from './shell/body.ts';
import { responseOf, type Representation } from './shell/representation.ts';
import { repeat, type Step } from './shell/retry.ts';
import { isRedirect, sendAgain, type Rewrite, type Write } from './shell/transport.ts';

/** A write that recovery makes: what is sent, and what it was merged onto. */
interface Merged {
  readonly rewrite: Rewrite;
  readonly remote: Representation;
}

/**
 * Makes a write, and recovers it from conflicts:
 *
 *     send → conflict? → wait → re-read → version moved? → merge → validate → send → …
 *
 * Resolves to the answer that the caller is to have, with its report filed. Rejects where there is no answer to give:
 * with the error of `fetch`, of the merge or of the caller's signal as it is, or with a `RecoveryError`.
 */
export async function recover(write: Write, route: Route, world: World): Promise<Response> {
  const run = startRun(write, route, world);
  const { body } = write;
  let asked: Asked | undefined;
  let refusal: Refusal | undefined;
  let wait = 0;

  async function attempt(number: number): Promise<Step<Response>> {
    let merged: Merged | undefined;
    if (refusal && asked && body) {
      const remote = await latest(run, asked, refusal, number);
      if ('code' in remote) return done(absent(run, refusal.response, remote));
      const decided = await decide({ run, body, asked, refusal, remote, attempt: number });
      if ('code' in decided) return done(refuse(run, refusal.response, decided));
      discard(refusal.response);
      if (decided.kind === 'keep-remote') return done(keepRemote(run, remote));
      merged = { rewrite: decided.rewrite, remote };
    }

    const response = await send(run, merged, wait);
    if (!route.statusCodes.includes(response.status)) return done(accept(run, response, merged));
    if (!body) return done(refuse(run, response, { code: 'unrepeatable-body' }));

    asked ??= await openAsked(run, body);
    const refused = merged ? merged.remote.version : asked.version;
    const findRemote = number === 1 ? route.remoteInConflict : undefined;
    const answer = route.conflict || findRemote ? await refusalBody(run, response) : undefined;
    const outcome = classify({
      status: response.status,
      redirected: response.redirected,
      versioned: refused !== undefined,
      creating: write.headers.has('if-none-match'),
      foreign: foreignPrecondition(route.version, write.headers),
      verdict: route.conflict?.(response, answer),
    });
    if (outcome.kind === 'final') return done(accept(run, response, merged));
    if (outcome.kind === 'unsolvable') return done(refuse(run, response, outcome));

    run.journal.tell(number, { kind: 'conflict', status: response.status });
    const retryAfter = parseRetryAfter(response.headers.get('retry-after'), world.clock.now());
    wait = waitBefore(number, route, world.clock.random(), retryAfter);
    // A refusal's own state is as fresh as the refusal: it serves a recovery that begins at once, and no other.
    const found = wait === 0 ? findRemote?.(response, answer) : undefined;
    const carried = carriedIn(run, response, found);
    refusal = { response, reason: outcome.kind, refused, carried, seen: merged?.remote };
    if (number <= route.limit && wait >= run.deadline.remaining())
      return done(refuse(run, response, { code: 'timeout' }));
    return { kind: 'again', wait };
  }

  try {
    const response = await repeat(attempt, route.limit, (delay) =>
      pause(run, run.journal.attempt + 1, delay),
    );
    return response ?? refuse(run, refusal?.response, { code: 'retries-exhausted' });
  } catch (error) {
    return fail(run, refusal?.response, error);
  } finally {
    run.deadline.stop();
  }
}

function done(outcome: Response): Step<Response> {
  return { kind: 'done', outcome };
}

/** Sends the write: first as the caller asked for it, then as merged. */
async function send(run: Run, merged: Merged | undefined, wait: number): Promise<Response> {
  const { write, route, world, deadline, journal } = run;
  const version = (): Version | undefined => {
    if (merged) return merged.remote.version;
    const content = write.body?.content;
    return askedVersion(write, route, content === undefined || content instanceof Blob ? '' : content);
  };
  deadline.signal.throwIfAborted();
  journal.sending(version, wait);
  run.inFlight = true;
  const response = await (merged
    ? sendAgain(world.fetch, write, merged.rewrite, deadline.signal)
    : write.send(deadline.signal));
  run.inFlight = false;
  journal.answered(response);
  return response;
}

/** There is no latest representation. To a delete, that is a success. */
function absent(run: Run, refused: Response, reason: Reason): Response {
  if (run.write.method !== 'DELETE' || reason.code !== 'gone') return refuse(run, refused, reason);
  discard(refused);
  return end(run, new Response(null, { status: 204 }), { ending: 'already-applied' });
}

/** The server's answer stands. */
function accept(run: Run, response: Response, merged: Merged | undefined): Response {
  if (merged && (response.status === 404 || response.status === 410))
    return absent(run, response, { code: 'gone' });
  if (!response.ok)
    return refuse(run, response, { code: isRedirect(response) ? 'redirected' : 'not-a-conflict' });
  const { write, route, world } = run;
  const { url, headers } = write;
  const sent = merged?.rewrite.content ?? write.body?.content;
  if (write.method === 'PUT' && sent !== undefined && !(sent instanceof Blob)) {
    rememberWritten(world.bases, { route, url, headers, response, content: sent });
  }
  return end(run, response, { ending: merged ? 'merged' : 'as-asked' });
}

/** The merge came to what the server has: its representation is the answer. */
function keepRemote(run: Run, remote: Representation): Response {
  return end(run, responseOf(remote), { ending: 'kept-remote' });
}

/** The write isn't made, and the caller gets the server's own refusal. */
function refuse(run: Run, response: Response | undefined, reason: Reason): Response {
  if (!response)
    throw new RecoveryError(reason.code, stopMessage(run.journal, undefined, reason), reason.cause);
  return end(run, response, asRefused(run, response.status, reason));
}

/** There is no answer to give. What wasn't made by us reaches the caller as it is. */
function fail(run: Run, response: Response | undefined, error: unknown): Response {
  const { write, deadline, inFlight } = run;
  if (!write.signal?.aborted && deadline.expired) {
    const timeout: Reason = { code: 'timeout', cause: error };
    // A write that is out may have been made: the refusal before it would be a false answer.
    if (response && !inFlight) return refuse(run, response, timeout);
    throw end(
      run,
      new RecoveryError('timeout', stopMessage(run.journal, undefined, timeout), error),
      asRefused(run, undefined, timeout),
    );
  }
  const code = write.signal?.aborted ? 'aborted' : inFlight ? 'network-error' : 'merge-failed';
  const ending = asRefused(run, undefined, { code, cause: error });
  throw typeof error === 'object' && error !== null ? end(run, error, ending) : error;
}

function asRefused({ journal }: Run, status: number | undefined, reason: Reason): Ending {
  const message = stopMessage(journal, status, reason);
  return { ending: 'refused', ...reason, message, maybeApplied: journal.maybeApplied };
}

function end<Outcome extends object>({ journal }: Run, outcome: Outcome, ending: Ending): Outcome {
  journal.ended(ending);
  return fileReport(outcome, () => journal.report(ending));
}
