import type { Conflict } from './core/conflict.ts';
import { pause, type Begin, type Call, type First, type Follow } from './recovery/call.ts';
import { accept, endWith, fail, finish, refuse, stop } from './recovery/finish.ts';
import { openIntent } from './recovery/intent.ts';
import { awaitRefusal } from './recovery/problem.ts';
import {
  rejected,
  type Answer,
  type ConflictVerdict,
  type Prepared,
  type Progress,
  type Trouble,
  type Verdict,
} from './recovery/records.ts';
import { leavesState } from './recovery/states.ts';
import { original } from './recovery/write-id.ts';
import type { Reason } from './report.ts';
import { questionOf } from './resume.ts';
import { discard } from './shell/body.ts';
import { repeat } from './shell/retry.ts';
import { align } from './stages/align.ts';
import { build, rebuild } from './stages/build.ts';
import { classify, screen } from './stages/classify.ts';
import { decide, decideGone } from './stages/decide.ts';
import { pace } from './stages/pace.ts';
import { look } from './stages/read/look.ts';
import { read } from './stages/read/read.ts';
import { send } from './stages/send.ts';
import { weigh } from './stages/weigh.ts';

/**
 * Recovers a write that its first send has not made, from conflicts and from lost answers. It alone says what follows what:
 *
 *     classify → pace → read → weigh → align → decide → build → send → classify → …
 *
 * Resolves to the answer that the caller is to have, with its report attached. Rejects where there is no answer to give:
 * with the error of the merge or of the caller's signal as it is, or with a `RecoveryError`.
 */
export async function recover(call: Call, first: First, begin: Begin): Promise<Response> {
  const { write, route, shared, deadline, journal } = call;
  let at: Progress = { target: write, sent: first.prepared, inDoubt: [], stalled: 0, cause: undefined };
  let { intent } = first;
  /** The verdict that the next send answers, and the wait before it. */
  let trouble: Trouble | undefined;
  let delay = 0;

  /** The end of the write after an answer, or how long to wait for the next send. */
  async function meet(answer: Answer): Promise<Response | number> {
    if (answer.kind === 'unanswered') at = { ...at, cause: answer.cause };
    else if (at.inDoubt.length === 0) at = { ...at, cause: undefined };
    const verdict = await verdictOn(answer);
    if (verdict.kind === 'final') return accept(call, verdict.response, at.sent);
    if (verdict.kind === 'finished') {
      const { sent, target } = at;
      const looking = intent && leavesState(target, route) ? look(target.url, intent, call) : undefined;
      // The write is made, even if the rest fails, or is aborted.
      const shown = await looking?.catch(() => undefined);
      return finish(call, verdict.response, sent, shown);
    }
    if (verdict.kind === 'rejected') return refuse(call, verdict.response, behind(verdict.failure));
    if (verdict.kind !== 'resend' && verdict.inDoubt)
      at = { ...at, inDoubt: [...at.inDoubt, verdict.inDoubt] };
    if (verdict.kind === 'conflict' && verdict.target) at = { ...at, target: verdict.target };
    if (verdict.kind !== 'ambiguous' && verdict.response) {
      journal.tell(journal.attempt, { kind: verdict.kind, status: verdict.response.status });
    }
    trouble = verdict;
    const bounds = pace(verdict, at.inDoubt.length > 0, call);
    if (bounds.kind === 'stop') return refuse(call, verdict.response, behind(bounds.failure));
    return (delay = bounds.delay);
  }

  async function verdictOn(answer: Answer): Promise<Verdict> {
    if (answer.kind === 'not-sent') return notSent;
    const { sent } = at;
    if (route.accepted && write.body) {
      intent ??= await openIntent(write, route, shared.bases);
      const follow = route.accepted.follow as Follow;
      const followed = await follow(answer, sent ?? original(intent, route, call.id), intent, call);
      if (followed) return followed;
    }
    const screened = await screen(answer, sent, at.target, call);
    if (screened) return screened;
    intent ??= await openIntent(write, route, shared.bases);
    return classify(answer, sent ?? original(intent, route, call.id), intent, call);
  }

  /** Sends what comes next, and meets its answer. */
  async function goOn(): Promise<Response | number> {
    const next = await plan(false);
    if (!('request' in next)) return next;
    if (trouble?.response) discard(trouble.response);
    at = { ...at, sent: next };
    return meet(await send(call, next, delay));
  }

  /** Finds out what became of the last send of a write that may not be sent again. */
  async function lastLook(): Promise<Response> {
    await pause(call, journal.attempt + 1, delay);
    const found = await plan(true);
    if (!('request' in found)) return found;
    const response = trouble?.response;
    const failure: Reason = { code: 'retry-limit' };
    return refuse(call, response, behind(response ? failure : { ...failure, reason: unanswered }));
  }

  /**
   * Plans the next send: the same request again, or one built from the latest state; else ends the write.
   *
   * @param isLast Whether nothing is sent any more.
   */
  async function plan(isLast: boolean): Promise<Prepared | Response> {
    if (!trouble || !intent) throw new TypeError('There is nothing to go on from.');
    if (trouble.kind === 'resend') return trouble.prepared;
    if (trouble.kind === 'ambiguous' && trouble.canResend && !isLast) return trouble.sent;
    const { target, stalled } = at;
    const where = { verdict: trouble, intent, url: target.url, stalled, isFresh: delay === 0 };
    const reading = await read(where, call);
    if (reading.kind === 'failed')
      return ended(at.inDoubt.length > 0 ? unknownAfter(reading.failure) : reading.failure);

    const latest = reading.kind === 'found' ? reading.latest : undefined;
    const last = trouble.kind === 'ambiguous' ? trouble.sent : undefined;
    const { reason, response } = trouble;
    const evidence = weigh({ intent, id: call.id, inDoubt: at.inDoubt, last, reason, latest }, route);
    if (evidence.kind === 'not-applied') return evidence.sent;
    const inDoubt = evidence.kind === 'none-applied' ? [] : at.inDoubt;
    at = { ...at, inDoubt, stalled: reading.kind === 'found' ? reading.stalled : stalled };
    const mayGoOn = !isLast && (evidence.kind !== 'unclear' || evidence.mayRepeat);
    const newKey = (): string => shared.clock.id();
    const parts = { intent, target, id: call.id, newKey, isAnswered: response?.ok === true };
    if (!latest) {
      const decided = mayGoOn ? await decideGone(intent, target, call) : gone;
      const built = decided.kind === 'recreate' ? await rebuild(parts, route) : decided;
      return built.kind === 'ready' ? built.prepared : ended(built.failure);
    }
    if (evidence.kind === 'applied') return endWith(call, 'already-applied', latest, response);

    const aligned = align(intent, latest, route);
    const onto = { ...parts, latest };
    const asking = (failure: Reason, merged?: unknown, conflicts?: readonly Conflict[]): Response => {
      const question = questionOf({ aligned, onto, merged, conflicts }, call, begin);
      return ended(question ? { ...failure, question } : failure);
    };
    if (!mayGoOn) return asking({ code: 'outcome-unknown' });
    const trace = evidence.kind === 'unclear' ? evidence.trace : undefined;
    const isUnsent = trouble === notSent;
    const matter = { intent, aligned, latest, reason, isUnsent, isInDoubt: inDoubt.length > 0, trace };
    const decided = await decide(matter, call);
    if (decided.kind === 'keep') return endWith(call, 'unchanged', latest, response);
    const built =
      decided.kind === 'write' || decided.kind === 'delete' ? await build(decided, onto, route) : decided;
    if (decided.kind === 'write' && decided.by === 'merge' && built.kind !== 'rejected')
      journal.tell(journal.attempt + 1, {
        kind: 'merge',
        decision: built.kind === 'ready' ? 'write' : 'keep-remote',
      });
    if (built.kind === 'unchanged')
      return endWith(call, trace === 'there' ? 'already-applied' : 'unchanged', latest, response);
    // It may have been made and taken back, and isn't made again.
    if (trace === 'back') return asking({ code: 'outcome-unknown', reason: 'And taken back: see reverts' });
    if (built.kind === 'ready') return built.prepared;
    if (built.kind === 'rejected') return ended(built.failure);
    return asking({ code: 'merge-conflict', reason: built.reason }, built.merged, built.conflicts);
  }

  /** Ends the write without an answer of its own: the refusal before it stands, if there is one. */
  function ended(failure: Reason): Response {
    return stop(call, trouble?.response, behind(failure));
  }

  /** Puts the error of the send in doubt behind a failure: it says more than the error of a read after it. */
  function behind(failure: Reason): Reason {
    return at.cause === undefined ? failure : { ...failure, cause: at.cause };
  }

  try {
    if (first.answer.kind === 'threw') throw first.answer.error;
    // Until here the send has measured the time.
    deadline.start();
    let met = await meet(first.answer);
    if (trouble === notSent) met = await goOn();
    const again = (wait: number): Promise<void> => pause(call, journal.attempt + 1, wait);
    const response =
      typeof met === 'number'
        ? ((await repeat(goOn, met, route.retry.limit, again)) ?? (await lastLook()))
        : met;
    if (shared.readsRefusals && !response.ok) await awaitRefusal(call, response);
    return response;
  } catch (error) {
    return fail(call, trouble?.response, error, at);
  } finally {
    deadline.stop();
  }
}

/** Stands for a refusal where nothing was sent, as the write names no version: recovery begins with a read. */
const notSent: ConflictVerdict = { kind: 'conflict', reason: 'precondition-required', creates: false };

const gone = rejected({ code: 'gone' });

/** A page isn't told why there is none: it may be what another origin says to its preflights. */
const unanswered = 'No answer. See Access-Control-Allow-Headers';

/** The failure of a read while a send is in doubt: its outcome stays unknown. A lack of time or budget keeps its own code. */
function unknownAfter(failure: Reason): Reason {
  const { code, cause } = failure;
  if (code === 'timeout' || code === 'retry-budget') return failure;
  return {
    code: 'outcome-unknown',
    reason: `The re-read came to ${code}`,
    ...(cause !== undefined && { cause }),
  };
}
