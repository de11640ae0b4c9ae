import type { Reason } from '../report.ts';
import type { KeptBody } from '../shell/body.ts';
import { decide, decideGone, questioned } from './decide.ts';
import { evidence, isNew, isRepeatable, isSafeTwice, type Lost } from './lost.ts';
import { look } from './look.ts';
import { latest, type Refusal } from './reread.ts';
import type { Opened } from './rewrite.ts';
import type { Decided, Run } from './run.ts';
import type { Renewed } from './token.ts';
import { traceOf } from './trace.ts';

/** Why a write has to be looked after: it was refused, or its answer was lost, or it wants a new token. */
export type Trouble = Refusal | Lost | Renewed;

/** What is at hand to look after it. */
export interface Case extends Opened {
  readonly body: KeptBody;
  readonly trouble: Trouble;
  /** The number of the send that comes next. */
  readonly attempt: number;
  /** Whether there is none: it is only asked what became of the last one. */
  readonly isLast?: boolean;
}

/** What comes next: the same request once more, one that is made of what is there now, none, or a reason to stop. */
export async function settle({ trouble, ...at }: Case): Promise<Decided> {
  const { run, asked, attempt, isLast } = at;
  if (trouble.kind === 'renewed') return trouble.sent;
  if (trouble.kind === 'lost') {
    if (isRepeatable(run, trouble) && !isLast) return trouble.sent;
    return judge(at, asRefusal(run, trouble), await look(run, asked, attempt), trouble);
  }
  return judge(at, trouble, await latest(run, asked, trouble, attempt), undefined);
}

/** What comes next, by what is there now. While nothing is in doubt, the merge decides. */
async function judge(
  at: Omit<Case, 'trouble'>,
  refusal: Refusal,
  remote: Awaited<ReturnType<typeof look>>,
  lost: Lost | undefined,
): Promise<Decided> {
  const { run, asked, isLast } = at;
  const { doubts } = run;
  const mayDecide = (): boolean =>
    !isLast && (doubts.length === 0 || isSafeTwice(run, doubts.at(-1), refusal.reason === 'exists'));
  if ('code' in remote) {
    if (remote.code !== 'gone') return doubts.length > 0 ? unknownAfter(remote) : remote;
    // It was to be created, and isn't there.
    if (lost && isNew(run, lost.sent)) return lost.sent;
    return mayDecide() ? decideGone({ ...at, refusal }) : remote;
  }
  const matter = { ...at, refusal, remote };
  const found = evidence(run, asked, lost?.sent, remote);
  if (found === 'applied') return { kind: 'already-applied', remote };
  if (found === 'unchanged' && lost) return lost.sent;
  if (found === 'disproved') doubts.length = 0;
  if (!mayDecide()) return questioned(matter, { code: 'outcome-unknown' });
  const trace = doubts.length > 0 ? traceOf(matter) : undefined;
  const decided = await decide({ ...matter, ...(trace && { trace }) });
  const isUnwritten = 'kind' in decided && decided.kind !== 'write';
  // It may have been made and taken back, and isn't made again.
  if (trace !== 'back' || isUnwritten) return decided;
  return questioned(matter, { code: 'outcome-unknown', reason: 'And taken back: see reverts' });
}

/** A lost send as a refusal of the version that it carried. */
function asRefusal(run: Run, { sent, response }: Lost): Refusal {
  const { version, remote, isOriginal } = sent;
  const creating = isNew(run, sent);
  const reason = creating && isOriginal ? 'exists' : 'stale';
  return { kind: 'refused', response, reason, refused: version, creating, seen: remote };
}

/** What a look that shows nothing leaves open. That there is no time or budget for one says itself. */
function unknownAfter(reason: Reason): Reason {
  const { code, cause } = reason;
  if (code === 'timeout' || code === 'budget-exhausted') return reason;
  return {
    code: 'outcome-unknown',
    reason: `The re-read came to ${code}`,
    ...(cause !== undefined && { cause }),
  };
}
