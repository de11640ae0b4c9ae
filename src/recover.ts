import { parseRetryAfter } from './core/backoff.ts';
import { isTaken } from './recovery/accept.ts';
import { openAsked } from './recovery/asked.ts';
import { accept, fail, keepRemote, refuse, stop } from './recovery/ending.ts';
import { Journal } from './recovery/journal.ts';
import { givenUp, isAnswered, isRepeatable, isTraceable, lost } from './recovery/lost.ts';
import { awaitRefusal } from './recovery/problem.ts';
import { mayConflict, opinionOn, refusalIn } from './recovery/refusal.ts';
import { unsent } from './recovery/reread.ts';
import {
  afford,
  pause,
  startRun,
  waitFor,
  type Begin,
  type Call,
  type Decided,
  type First,
  type Run,
} from './recovery/run.ts';
import { send } from './recovery/send.ts';
import { settle, type Trouble } from './recovery/settle.ts';
import { original } from './recovery/stamp.ts';
import type { Reason } from './report.ts';
import { discard } from './shell/body.ts';
import { valueOf } from './shell/representation.ts';
import { repeat } from './shell/retry.ts';
import { renewKey, sendAgain, type Write } from './shell/transport.ts';

/**
 * Recovers a write that its first send has not made, from conflicts and from lost answers:
 *
 *     conflict? → wait → re-read → version moved? → merge → validate → send → …
 *     no answer → wait → re-read → was it made? → that is it, or the same again, or merge, or stop
 *
 * Resolves to the answer that the caller is to have, with its report filed. Rejects where there is no answer to give:
 * with the error of the merge or of the caller's signal as it is, or with a `RecoveryError`.
 */
export async function recover(call: Call, first: First, begin: Begin): Promise<Response> {
  const run = startRun(call, (decided, signal) => resume(run, decided, signal, begin));
  const { write, route, world } = run;
  const { body } = write;
  let { asked } = first;
  let trouble: Trouble | undefined = first.answer || first.threw ? undefined : unsent;
  let wait = 0;

  async function attempt(number: number): Promise<Response | number> {
    let ready = number === 1 ? first.ready : undefined;
    if (trouble && asked && body) {
      const decided = await settle({ run, asked, body, trouble, attempt: number });
      if ('code' in decided) return stop(run, trouble.response, decided);
      if (decided.kind !== 'write') return keepRemote(run, decided, trouble.response);
      if (trouble.response) discard(trouble.response);
      ready = decided;
    }

    const answer = (number === 1 ? first.answer : undefined) ?? (await send(run, ready, wait));
    if (!('failure' in answer) && run.doubts.length === 0) run.failure = undefined;
    // What only looks like a response, without headers, can't be looked into.
    const isMute = !('failure' in answer || 'headers' in answer);
    if (isMute || isTaken(run, answer, ready !== undefined)) return accept(run, answer as Response, ready);
    const isOwn = isAnswered(run, answer);
    if (isOwn && !mayConflict(run, answer, ready)) return accept(run, answer, ready);
    if (!body) return sentOnce(run, answer as Response, isOwn);
    asked ??= await openAsked(write, route, world.bases, body);
    const sent = ready ?? original(run, asked, body);
    const met = isOwn ? await refusalIn(run, asked, answer, sent, number === 1) : lost(run, answer, sent);
    if (met === undefined) return accept(run, answer as Response, ready);
    if ('code' in met) return refuse(run, answer as Response, met);
    const stopped = goOn(number, met);
    return stopped ? refuse(run, met.response, stopped) : wait;
  }

  /** Goes on from what a send has met, if the bounds allow it. */
  function goOn(number: number, met: Trouble): Reason | undefined {
    const { response } = met;
    const isLost = met.kind === 'lost';
    if (isLost && !isRepeatable(run, met) && !isTraceable(run, met)) return givenUp(run, met);
    const kind = met.kind === 'renewed' ? 'renew' : 'conflict';
    if (!isLost && response) run.journal.tell(number, { kind, status: response.status });
    const asks = parseRetryAfter(response?.headers.get('retry-after') ?? null, world.clock.now());
    // What fails may be under load. What is merely stale is not.
    wait = waitFor(run, isLost ? number + 1 : number, asks);
    // A refusal's own state is as fresh as the refusal: it serves a recovery that begins at once, and no other.
    trouble = met.kind !== 'refused' || wait === 0 ? met : { ...met, carried: undefined };
    if (number > route.limit) return undefined;
    if (wait >= run.deadline.remaining()) return { code: 'timeout' };
    return afford(run, isLost ? 'failure' : 'conflict') ? undefined : { code: 'budget-exhausted' };
  }

  /** Ends a write that may not be sent again. What became of its last send is still found out. */
  async function exhausted(): Promise<Response> {
    if (trouble?.kind !== 'lost' || !asked || !body)
      return refuse(run, trouble?.response, { code: 'retries-exhausted' });
    const { response, isOpen } = trouble;
    const isHopeless = isOpen ? !isTraceable(run, trouble) || wait >= run.deadline.remaining() : !response;
    if (isHopeless) return refuse(run, response, givenUp(run, trouble));
    if (isOpen) {
      const attempt = run.journal.attempt + 1;
      await pause(run, attempt, wait);
      const found = await settle({ run, asked, body, trouble, attempt, isLast: true });
      if ('code' in found) return stop(run, response, found);
      if (found.kind !== 'write') return keepRemote(run, found, response);
    }
    const code = 'retries-exhausted';
    return refuse(run, response, response ? { code } : { code, reason: unanswered });
  }

  try {
    if (first.threw) throw first.threw.error;
    // Until here the send has measured the time.
    run.deadline.arm();
    const once = await attempt(1);
    const again = (delay: number): Promise<void> => pause(run, run.journal.attempt + 1, delay);
    const response =
      typeof once === 'number'
        ? ((await repeat(attempt, once, route.limit, again)) ?? (await exhausted()))
        : once;
    if (world.readsRefusals && !response.ok) await awaitRefusal(run, response);
    return response;
  } catch (error) {
    return fail(run, trouble?.response, error);
  } finally {
    run.deadline.stop();
  }
}

/** A page isn't told why there is none: it may be what another origin says to its preflights. */
const unanswered = 'No answer. See Access-Control-Allow-Headers';

/** Ends a write whose body is spent: it was sent once, and its answer stands. */
async function sentOnce(run: Run, response: Response, isOwn: boolean): Promise<Response> {
  const { verdict = 'final' } = isOwn && response.ok ? await opinionOn(run, response, false) : {};
  const isRefused = isOwn && (!response.ok || verdict !== 'final');
  return isRefused ? refuse(run, response, { code: 'unrepeatable-body' }) : accept(run, response, undefined);
}

/** Makes a new write of what a person decided. */
async function resume(
  run: Run,
  decided: Decided,
  signal: AbortSignal | undefined,
  begin: Begin,
): Promise<Response> {
  const { write, world } = run;
  const route = run.route.shared?.own ?? run.route;
  const anew = { ...run, route, journal: new Journal(write, route, world.onEvent) };
  if ('code' in decided) return refuse(anew, undefined, decided);
  if (decided.kind !== 'write') return keepRemote(anew, decided);
  const { rewrite, remote } = decided;
  const key = 'idempotency-key';
  // A server that knows the key would answer as it did before, and make nothing.
  if (rewrite.headers.get(key) === write.headers.get(key)) renewKey(rewrite.headers, () => world.clock.id());
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
    isSent: false,
    signal,
  };
  return begin(again, route, world);
}
