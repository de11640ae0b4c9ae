import { askedVersion, openAsked, type Asked } from './asked.ts';
import { parseRetryAfter, waitBefore } from './core/backoff.ts';
import { classify } from './core/outcome.ts';
import { foreignPrecondition } from './core/precondition.ts';
import type { Version } from './core/version.ts';
import { decide, decideGone } from './decide.ts';
import { accept, fail, keepRemote, refuse, stop } from './ending.ts';
import {
  carriedIn,
  isCreating,
  isGone,
  latest,
  locateExisting,
  refusalBody,
  type Refusal,
} from './reread.ts';
import type { Route } from './route.ts';
import { pause, startRun, type Decided, type Merged, type Run, type World } from './run.ts';
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

/** Whether an answer may mean a conflict: by its status, or because a write that recreates finds its target gone. */
function mayConflict({ route, write }: Run, response: Response): boolean {
  const recreates = route.onGone !== 'fail' && write.method !== 'DELETE';
  return route.statusCodes.includes(response.status) || (recreates && isGone(response));
}
