import { parseRetryAfter, waitBefore } from './core/backoff.ts';
import { classify } from './core/outcome.ts';
import { foreignPrecondition } from './core/precondition.ts';
import type { Version } from './core/version.ts';
import { askedVersion, openAsked, type Asked } from './recovery/asked.ts';
import { decide, decideGone, hasState, locateExisting } from './recovery/decide.ts';
import { accept, fail, keepRemote, refuse, stop } from './recovery/ending.ts';
import { Journal } from './recovery/journal.ts';
import { carriedIn, isGone, latest, refusalBody, unsent, type Refusal } from './recovery/reread.ts';
import { isCreating } from './recovery/rewrite.ts';
import { pause, startRun, type Decided, type Merged, type Run, type World } from './recovery/run.ts';
import type { Route } from './route.ts';
import { discard } from './shell/body.ts';
import { valueOf } from './shell/representation.ts';
import { repeat, type Step } from './shell/retry.ts';
import { sendAgain, type Write } from './shell/transport.ts';

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
    if (number === 1 && body && write.base && !isCreating(run)) {
      asked = await openAsked(write, route, world.bases, body);
      if (isBlind(run, asked)) {
        refusal = unsent;
        run.deadline.arm();
      }
    }
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
      if (refusal.response) discard(refusal.response);
      if (decided.kind === 'keep-remote') return done(keepRemote(run, decided.remote));
      merged = decided;
    }

    const response = await send(run, merged, wait);
    if (!mayConflict(run, response)) return done(accept(run, response, merged));
    // Until here the send has measured the time.
    run.deadline.arm();
    if (!body) return done(refuse(run, response, { code: 'unrepeatable-body' }));

    asked ??= await openAsked(write, route, world.bases, body);
    const creating = merged ? !merged.remote : isCreating(run);
    const refused = merged ? merged.remote?.version : creating ? undefined : asked.version;
    // A 404 is nothing that the route's functions are asked about.
    const isListed = route.statusCodes.includes(response.status);
    const conflict = isListed ? route.conflict : undefined;
    const findRemote = isListed && number === 1 ? route.remoteInConflict : undefined;
    const looked = conflict ?? findRemote ?? (creating && route.locate);
    const answer = looked ? await refusalBody(run, response) : undefined;
    const outcome = classify({
      status: response.status,
      redirected: response.redirected,
      versioned: refused !== undefined || merged !== undefined,
      creating: creating && !merged,
      foreign: foreignPrecondition(route.version, write.headers),
      verdict: conflict?.(response, answer),
    });
    // It tells of a deletion only where the write named a version of what was there.
    const isDeleted = outcome.kind === 'stale' && refused !== undefined && refused.length > 0;
    if (outcome.kind === 'final' || !(isListed || isDeleted)) return done(accept(run, response, merged));
    if (outcome.kind === 'unsolvable') return done(refuse(run, response, outcome));
    if (!isListed && route.onGone === 'fail') return done(refuse(run, response, { code: 'gone' }));
    const unlocated = outcome.kind === 'exists' && locateExisting({ run, asked }, answer);
    if (unlocated) return done(refuse(run, response, unlocated));

    run.journal.tell(number, { kind: 'conflict', status: response.status });
    const retryAfter = parseRetryAfter(response.headers.get('retry-after'), world.clock.now());
    wait = waitBefore(number, route, world.clock.random(), retryAfter);
    // A refusal's own state is as fresh as the refusal: it serves a recovery that begins at once, and no other.
    const found = wait === 0 ? findRemote?.(response, answer) : undefined;
    const carried = carriedIn(run, response, found);
    refusal = { response, reason: outcome.kind, refused, creating, carried, seen: merged?.remote };
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

/**
 * Whether a write says what it was made of, but not in which version. It begins with a read: who names a base wants it
 * protected, and a server that demands no version would overwrite whatever is there.
 */
function isBlind({ write, route }: Run, { version }: Asked): boolean {
  const names =
    route.version.write.length > 0 && foreignPrecondition(route.version, write.headers) === undefined;
  return names && version === undefined;
}

/** Makes a new write of what a person decided. */
async function resume(run: Run, decided: Decided, signal: AbortSignal | undefined): Promise<Response> {
  const { write, route, world } = run;
  const anew = { ...run, journal: new Journal(write.method, write.url, world.onEvent) };
  if ('code' in decided) return refuse(anew, undefined, decided);
  if (decided.kind === 'keep-remote') return keepRemote(anew, decided.remote);
  const { rewrite, remote } = decided;
  const headers = new Headers(rewrite.headers);
  // Where the caller leaves the content type to fetch, the server still says what it is.
  if (!write.headers.has('content-type')) headers.delete('content-type');
  const again: Write = {
    ...write,
    method: rewrite.method,
    url: rewrite.url,
    headers,
    body: { content: rewrite.content, type: write.body?.type },
    ...(decided.content !== undefined && { state: decided.content }),
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
  const { signal } = deadline;
  // A write that takes too long ends everything: whether it was made is not known.
  const cancel = deadline.limit(write.body ? route.timeout : false);
  try {
    const sending = merged ? sendAgain(world.fetch, write, merged.rewrite, signal) : write.send(signal);
    const response = await sending;
    run.inFlight = false;
    journal.answered(response);
    return response;
  } finally {
    cancel();
  }
}

/** Whether an answer may mean a conflict: by its status, or because what is to be changed isn't there. */
function mayConflict(run: Run, response: Response): boolean {
  const { route, write } = run;
  return (
    route.statusCodes.includes(response.status) ||
    (isGone(response) && hasState(run) && write.body !== undefined)
  );
}
