import type { MediaKind } from '../core/media.ts';
import { stopped, type RecoveryError } from '../errors.ts';
import type { Overrides } from '../options.ts';
import { fileReport } from '../filed.ts';
import { addressOf, type WriteResult } from '../report.ts';
import type { Route } from '../route.ts';
import type { Clock } from '../shell/clock.ts';
import { Deadline } from '../shell/deadline.ts';
import { valueOf, type Content } from '../shell/representation.ts';
import { brokenAt } from '../shell/schema.ts';
import { give } from './given.ts';
import type { State } from './reach.ts';
import { applyRecipe, type Recipe } from './recipe.ts';

/** What an update says for itself. */
export interface TurnOptions extends Overrides {
  readonly signal?: AbortSignal;
  readonly together?: boolean;
}

/** One caller's update, from the call to its result. */
export interface Turn {
  /** What the caller waits for. */
  readonly settled: Promise<WriteResult>;
  readonly recovery: Overrides;
  /** Whether its recipe may be applied to a state that holds its change already. */
  readonly isIdempotent: boolean;
  /** Whether it has to go in a write of its own. */
  readonly isAlone: boolean;
  readonly isOver: boolean;
  /**
   * Applies the recipe to a state. One that fails, or makes what the schema refuses, is over, and leaves no trace. In a
   * trial it isn't over, and that is `undefined`.
   */
  readonly apply: (kind: MediaKind, content: Content, isTrial: boolean) => Promise<Content | undefined>;
  /** It came to a state: by the write that left it, or because it had nothing to change. */
  readonly succeed: (state: State) => void;
  readonly fail: (error: unknown) => void;
  /** Its caller has gone, or its time is up. */
  readonly leave: (maybeApplied: boolean) => void;
}

/** @param onLeave Called when the caller goes, or the time is up. */
export function startTurn(
  recipe: Recipe,
  { signal, together = true, idempotent = false, ...recovery }: TurnOptions,
  { route, url, clock }: { readonly route: Route; readonly url: URL; readonly clock: Clock },
  onLeave: (turn: Turn) => void,
): Turn {
  const { totalTimeout = route.totalTimeout } = recovery;
  const deadline = new Deadline(clock, totalTimeout, signal);
  const line = { method: route.writeBy, url };
  let isOver = false;
  let hasChanged = false;
  let resolve: (result: WriteResult) => void;
  let reject: (error: unknown) => void;

  function settle(how: () => void): void {
    if (isOver) return;
    isOver = true;
    deadline.stop();
    deadline.signal.removeEventListener('abort', onAbort);
    how();
  }
  const turn: Turn = {
    settled: new Promise((onResult, onError) => {
      resolve = onResult;
      reject = onError;
    }),
    recovery,
    isIdempotent: idempotent,
    isAlone: !together || Object.keys(recovery).length > 0,
    get isOver() {
      return isOver;
    },
    async apply(kind, content, isTrial) {
      const stop = (error: unknown): Content | undefined => {
        if (isTrial && !isOver) return undefined;
        turn.fail(error);
        return content;
      };
      try {
        const made = await deadline.race(applyRecipe(recipe, kind, content, route));
        hasChanged = made !== content;
        const broken = hasChanged ? await brokenAt(route.schema, valueOf(kind, made, route)) : undefined;
        if (!broken) return made;
        const error = stopped(line.method, url, 'merged-invalid', broken);
        return stop(filed(error, line, error));
      } catch (error) {
        return stop(error);
      }
    },
    succeed({ seen, result }) {
      const { ending } = result;
      // Who changed nothing didn't write, whoever did.
      const isWritten = hasChanged || ending === 'already-applied';
      const { response } = result;
      const own = { ...result, response, ending: isWritten ? ending : 'kept-remote' } as const;
      settle(() => resolve(give(own, seen)));
    },
    fail: (error) => settle(() => reject(error)),
    leave(maybeApplied) {
      const { expired, signal } = deadline;
      const stop = stopped(line.method, url, expired ? 'timeout' : 'aborted');
      const error: unknown = expired ? stop : signal.reason;
      const isFile = typeof error === 'object' && error !== null;
      turn.fail(isFile ? filed(error, line, stop, maybeApplied) : error);
    },
  };
  const onAbort = (): void => onLeave(turn);
  deadline.signal.addEventListener('abort', onAbort);
  if (deadline.signal.aborted) turn.leave(false);
  return turn;
}

/** An error as the report of this update tells it: what stopped, and whether it may have been made all the same. */
function filed<Outcome extends object>(
  error: Outcome,
  { method, url }: { readonly method: string; readonly url: URL },
  { code, message }: Pick<RecoveryError, 'code' | 'message'>,
  maybeApplied = false,
): Outcome {
  const stop = { ending: 'refused', code, message, maybeApplied } as const;
  const report = { method, url: addressOf(url), attempts: [], ...stop };
  return fileReport(error, { isRefused: true, report });
}
