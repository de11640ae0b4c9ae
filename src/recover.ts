import { askedVersion, openAsked, type Asked } from './asked.ts';
import { rememberWritten } from './bases.ts';
import { parseRetryAfter, waitBefore } from './core/backoff.ts';
import { classify } from './core/outcome.ts';
import { foreignPrecondition } from './core/precondition.ts';
import type { Version } from './core/version.ts';
import { decide, decideGone } from './decide.ts';
import { RecoveryError, stopMessage } from './errors.ts';
import { fileReport, type Ending, type Reason } from './report.ts';
import { carriedIn, isCreating, latest, locateExisting, refusalBody, type Refusal } from './reread.ts';
import type { Route } from './route.ts';
import { pause, startRun, within, type Decided, type Merged, type Run, type World } from './run.ts';
import { discard } from './shell/body.ts';
import { responseOf, valueOf, type Representation } from './shell/representation.ts';
import { repeat, type Step } from './shell/retry.ts';
import { isRedirect, sendAgain, type Write } from './shell/transport.ts';
import { fileWritten } from './written.ts';

/**
 * Makes a write, and recovers it from conflicts:
 *
 *     send → conflict? → wait → re-read → version moved? → merge → validate → send → …
 *
 * Resolves to the answer that the caller is to have, with its report filed. Rejects where there is no answer to give:
 * with the error of `fetch`, of the merge or of the caller's signal as it is, or with a `RecoveryError`.
 */
export async function recover(write: Write, route: Route, world: World): Promise<Response> {
  const run = startRun(write, route, world, (decided, signal) => resume(run, decided, signal));
  const { body } = write;
  let asked: Asked | undefined;
  let refusal: Refusal | undefined;
  let wait = 0;

  async function attempt(number: number): Promise<Step<Response>> {
    let merged: Merged | undefined;
    if (refusal && asked && body) {
      const refused = { run, body, asked, refusal, attempt: number };
      const remote = await latest(run, asked, refusal, number);
      const isGone = 'code' in remote && remote.code === 'gone';
      const decided = isGone
        ? await decideGone(refused)
        : 'code' in remote
          ? remote
          : await decide({ ...refused, remote });
      if ('code' in decided) return done(stop(run, refusal.response, decided));
      discard(refusal.response);
      if (decided.kind === 'keep-remote') return done(keepRemote(run, decided.remote));
      merged = decided;
    }

    const response = await send(run, merged, wait);
    if (!mayConflict(run, response)) return done(accept(run, response, merged));
    if (!body) return done(refuse(run, response, { code: 'unrepeatable-body' }));

    asked ??= await openAsked(write, route, world.bases, body);
    const refused = merged ? merged.remote?.version : asked.version;
    const findRemote = number === 1 ? route.remoteInConflict : undefined;
    const creating = !merged && isCreating(run, asked);
    const looked = route.conflict ?? findRemote ?? (creating && route.locate);
    const answer = looked ? await refusalBody(run, response) : undefined;
    const outcome = classify({
      status: response.status,
      redirected: response.redirected,
      versioned: refused !== undefined || merged !== undefined,
      creating,
      foreign: foreignPrecondition(route.version, write.headers),
      verdict: route.conflict?.(response, answer),
    });
    if (outcome.kind === 'final' || (outcome.kind === 'unsolvable' && isGone(response)))
      return done(accept(run, response, merged));
    if (outcome.kind === 'unsolvable') return done(refuse(run, response, outcome));
    if (outcome.kind === 'exists' && !locateExisting(run, asked, answer))
      return done(refuse(run, response, { code: 'exists' }));

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

/** Makes a new write of what a person decided. */
async function resume(run: Run, decided: Decided, signal: AbortSignal | undefined): Promise<Response> {
  const { write, route, world } = run;
  if ('code' in decided) return refuse(run, undefined, decided);
  if (decided.kind === 'keep-remote') return keepRemote(run, decided.remote);
  const { rewrite, remote } = decided;
  const again: Write = {
    ...write,
    ...rewrite,
    body: { content: rewrite.content, type: undefined },
    base: remote && (() => valueOf(remote.kind, remote.content, route)),
    send: (within) => sendAgain(world.fetch, write, rewrite, within),
    signal,
  };
  return recover(again, route, world);
}

/** Sends the write: first as the caller asked for it, then as merged. */
async function send(run: Run, merged: Merged | undefined, wait: number): Promise<Response> {
  const { write, route, world, deadline, journal } = run;
  const version = (): Version | undefined => {
    if (merged) return merged.remote?.version;
    const content = write.body?.content;
    return askedVersion(write, route, content === undefined || content instanceof Blob ? '' : content);
  };
  deadline.signal.throwIfAborted();
  journal.sending(version, wait);
  run.inFlight = true;
  const response = await within(run, (signal) =>
    merged ? sendAgain(world.fetch, write, merged.rewrite, signal) : write.send(signal),
  );
  run.inFlight = false;
  journal.answered(response);
  return response;
}

/** Whether an answer may mean a conflict: by its status, or because a write that recreates finds its target gone. */
function mayConflict({ route, write }: Run, response: Response): boolean {
  const recreates = route.onGone !== 'fail' && write.method !== 'DELETE';
  return route.statusCodes.includes(response.status) || (recreates && isGone(response));
}

function isGone({ status }: Response): boolean {
  return status === 404 || status === 410;
}

/** Nothing was written. A delete of what is gone is a success all the same. */
function stop(run: Run, refused: Response, reason: Reason): Response {
  if (run.write.method !== 'DELETE' || reason.code !== 'gone') return refuse(run, refused, reason);
  discard(refused);
  return end(run, new Response(null, { status: 204 }), { ending: 'already-applied' });
}

/** The server's answer stands. */
function accept(run: Run, response: Response, merged: Merged | undefined): Response {
  if (merged && isGone(response)) return stop(run, response, { code: 'gone' });
  if (!response.ok)
    return refuse(run, response, { code: isRedirect(response) ? 'redirected' : 'not-a-conflict' });
  const { write, route, world, target } = run;
  const sent = merged ? merged.content : write.body?.content;
  if (target.method === 'PUT' && sent !== undefined && !(sent instanceof Blob)) {
    const { url } = target;
    rememberWritten(world.bases, { route, url, headers: write.headers, response, content: sent });
  }
  if (sent !== undefined && !(sent instanceof Blob)) fileWritten(response, { content: sent });
  return end(run, response, { ending: merged ? 'merged' : 'as-asked' });
}

/** The merge came to what the server has: its representation is the answer. */
function keepRemote(run: Run, remote: Representation): Response {
  return end(run, fileWritten(responseOf(remote), remote), { ending: 'kept-remote' });
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
