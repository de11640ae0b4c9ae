import { diagnose } from '../../core/verdict.ts';
import { formatVersion, sameVersion } from '../../core/version.ts';
import { pause, waitFor, type Call } from '../../recovery/call.ts';
import type { Intent } from '../../recovery/intent.ts';
import { versionMoved } from '../../recovery/moved.ts';
import { refusalText } from '../../recovery/problem.ts';
import type { AmbiguousVerdict, ConflictVerdict, Reading } from '../../recovery/records.ts';
import { holdSame } from '../../recovery/states.ts';
import type { Reason } from '../../report.ts';
import type { Representation } from '../../shell/representation.ts';
import { look } from './look.ts';

/** The write to read for. */
interface Wanted {
  readonly verdict: ConflictVerdict | AmbiguousVerdict;
  readonly intent: Intent;
  /** The address of the resource. */
  readonly url: URL;
  /** How many refusals in a row came though nothing but the version had changed. */
  readonly stalled: number;
  /** Whether the state that a refusal carries still counts: it is as fresh as the refusal. */
  readonly isFresh: boolean;
}

/**
 * Reads the latest state. After a refusal it makes sure that this explains why the write was refused, and that
 * the writes make progress.
 */
export async function read(wanted: Wanted, call: Call): Promise<Reading> {
  const { verdict, intent, url, stalled, isFresh } = wanted;
  const { deadline, journal, route } = call;
  if (verdict.kind === 'ambiguous') return asReading(await look(url, intent, call), stalled);
  const { carried, response } = verdict;
  if (isFresh && carried && versionMoved(verdict, carried, intent, route)) {
    journal.read(journal.attempt + 1, carried.response, carried.version);
    return { kind: 'found', latest: carried, stalled };
  }

  const first = await look(url, intent, call);
  if (!response) return asReading(first, stalled);
  if (explains(first, verdict, intent, call))
    return 'code' in first ? asReading(first, stalled) : progress(first, wanted, verdict, call);

  // The very version that was just refused: a replica that lags, or no conflict at all. One more look tells.
  const attempt = journal.attempt + 1;
  const delay = waitFor(call, Math.max(attempt, 2));
  if (delay >= deadline.remaining()) return { kind: 'failed', failure: { code: 'timeout' } };
  await pause(call, attempt, delay);
  const second = await look(url, intent, call);
  if (explains(second, verdict, intent, call)) return asReading(second, stalled);

  const shown = 'code' in second ? undefined : second;
  const likely = diagnose({
    status: response.status,
    body: String(await refusalText(call, response)),
    version: shown ? formatVersion(shown.version) : '',
    // If the server refuses to create what the read doesn't find, a cache is likely in between.
    relayed: !shown || relayers.some((name) => shown.response.headers.has(name)),
  });
  return { kind: 'failed', failure: { code: 'no-progress', likely } };
}

function asReading(seen: Representation | Reason, stalled: number): Reading {
  if (!('code' in seen)) return { kind: 'found', latest: seen, stalled };
  return seen.code === 'gone' ? { kind: 'gone' } : { kind: 'failed', failure: seen };
}

/** Headers that tell of a cache or a proxy. */
const relayers = ['age', 'via', 'x-cache', 'cf-cache-status'];

/** Whether what was read says why the write was refused, or that nothing will. */
function explains(
  seen: Representation | Reason,
  verdict: ConflictVerdict,
  intent: Intent,
  { route }: Call,
): boolean {
  // An absent resource doesn't explain why its creation was refused.
  if ('code' in seen) return !(verdict.creates && seen.code === 'gone');
  return versionMoved(verdict, seen, intent, route);
}

/** How many refusals in a row may come though nothing but the version has changed. */
const patience = 3;

/**
 * The same state, if it is any progress. A server that makes a new version for each read refuses every write, and
 * a write that isn't stopped would use up its limit.
 */
async function progress(
  seen: Representation,
  { intent, url, stalled: before }: Wanted,
  { latest }: ConflictVerdict,
  call: Call,
): Promise<Reading> {
  const { route } = call;
  const stalled = latest && holdSame(latest, seen, route) ? before + 1 : 0;
  if (stalled < patience) return { kind: 'found', latest: seen, stalled };
  // Others may have written the same state. A look right after this one tells them from a version that nothing matches.
  const again = await look(url, intent, call);
  if ('code' in again || sameVersion(seen.version, again.version) || !holdSame(seen, again, route))
    return asReading(again, stalled);
  return { kind: 'failed', failure: { code: 'no-progress', likely: 'unmatchable-etag' } };
}
