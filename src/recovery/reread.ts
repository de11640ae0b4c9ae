import { equal } from '../core/equal.ts';
import { diagnose } from '../core/outcome.ts';
import { formatVersion, sameVersion, type Version } from '../core/version.ts';
import type { MergeContext } from '../merging.ts';
import type { Reason } from '../report.ts';
import { valueOf, type Representation } from '../shell/representation.ts';
import type { Asked } from './asked.ts';
import { look } from './look.ts';
import { refusalText } from './problem.ts';
import { pause, waitFor, type Run } from './run.ts';
import { sameState } from './stamp.ts';

/** A refusal that recovery takes on. */
export interface Refusal {
  readonly kind: 'refused';
  /** `undefined` where the write wasn't even sent: it says what it was made of, but not in which version. */
  readonly response?: Response | undefined;
  readonly reason: MergeContext['reason'];
  /** The version that was refused; `undefined` where the write carried none. */
  readonly refused?: Version | undefined;
  /** Whether the refused write asked for the resource to be new. */
  readonly creating: boolean;
  /** The representation that the refusal itself carries, for a recovery that begins at once. */
  readonly carried?: Representation | undefined;
  /** The representation that the refused write was merged onto; `undefined` for the first. */
  readonly seen?: Representation | undefined;
}

/** What stands for a refusal where a write was not sent, as it names no version. */
export const unsent: Refusal = {
  kind: 'refused',
  reason: 'precondition-required',
  creating: false,
};

/** The representation that a refused write has to be merged onto, or why there is none. */
export async function latest(
  run: Run,
  asked: Asked,
  refusal: Refusal,
  attempt: number,
): Promise<Representation | Reason> {
  const { deadline, journal } = run;
  const { carried } = refusal;
  if (carried && moved(run, asked, refusal, carried)) {
    journal.read(attempt, carried.response, carried.version);
    return carried;
  }

  const { response } = refusal;
  let remote = await look(run, asked, attempt);
  if (!response) return remote;
  if (explains(run, asked, refusal, remote))
    return 'code' in remote ? remote : progress(run, asked, refusal, remote, attempt);

  // The very version that was just refused: a replica that lags, or no conflict at all. One more look tells.
  const delay = waitFor(run, Math.max(attempt, 2));
  if (delay >= deadline.remaining()) return { code: 'timeout' };
  await pause(run, attempt, delay);
  remote = await look(run, asked, attempt);
  if (explains(run, asked, refusal, remote)) return remote;

  const shown = 'code' in remote ? undefined : remote;
  const likely = diagnose({
    status: response.status,
    body: String(await refusalText(run, response)),
    version: shown ? formatVersion(shown.version) : '',
    // Who refuses to create what isn't there knows of something that the read doesn't.
    relayed: !shown || relayers.some((name) => shown.response.headers.has(name)),
  });
  return { code: 'no-progress', likely };
}

/** How many refusals in a row may come though nothing but the version has changed. */
const patience = 3;

/**
 * The same representation, if it is any progress. A server that makes a new version for each read refuses every write, and
 * a write that isn't stopped would use up its limit.
 */
async function progress(
  run: Run,
  asked: Asked,
  { seen }: Refusal,
  remote: Representation,
  attempt: number,
): Promise<Representation | Reason> {
  run.standstill = seen && isSameState(run, seen, remote) ? run.standstill + 1 : 0;
  if (run.standstill < patience) return remote;
  // Others may have written the same state. A look right after this one tells them from a version that nothing matches.
  const again = await look(run, asked, attempt);
  if ('code' in again || sameVersion(remote.version, again.version) || !isSameState(run, remote, again))
    return again;
  return { code: 'no-progress', likely: 'unmatchable-etag' };
}

/** Whether two representations hold the same, whatever their versions are. */
export function isSameState({ route }: Run, one: Representation, other: Representation): boolean {
  const [first, second] = [one, other].map(({ kind, content }) => valueOf(kind, content, route));
  return one.kind === other.kind && sameState(route, first, second);
}

/** Headers that tell of a cache or a proxy. */
const relayers = ['age', 'via', 'x-cache', 'cf-cache-status'];

/** Whether what was read says why the write was refused, or that nothing will. */
function explains(run: Run, asked: Asked, refusal: Refusal, remote: Representation | Reason): boolean {
  // That nothing is there is no reason to refuse to create it.
  if ('code' in remote) return !(refusal.creating && remote.code === 'gone');
  return moved(run, asked, refusal, remote);
}

/** A conflict is real only if the version is another than the one that was refused. */
export function moved(
  { route }: Run,
  asked: Asked,
  { refused, seen }: Pick<Refusal, 'refused' | 'seen'>,
  remote: Representation,
): boolean {
  if (refused === undefined) return true;
  if (refused.length > 0) return !sameVersion(refused, remote.version);
  // No version to compare (`none()`): then the state itself.
  const before = seen ? valueOf(seen.kind, seen.content, route) : asked.base(remote.kind);
  return before === undefined || !equal(before, valueOf(remote.kind, remote.content, route));
}
