import type { MediaKind } from '../core/media.ts';
import { RecoveryError, stopMessage } from '../errors.ts';
import type { Overrides } from '../options.ts';
import { makeKnown } from '../recovery/known.ts';
import { fileReport, type StopCode, type WriteResult } from '../report.ts';
import type { Route } from '../route.ts';
import type { Clock } from '../shell/clock.ts';
import { startDeadline } from '../shell/deadline.ts';
import { valueOf, type Content } from '../shell/representation.ts';
import { brokenAt } from '../shell/schema.ts';
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
  { signal, together = true, ...recovery }: TurnOptions,
  { route, url, clock }: { readonly route: Route; readonly url: URL; readonly clock: Clock },
  onLeave: (turn: Turn) => void,
): Turn {
  const { totalTimeout = route.totalTimeout } = recovery;
  const deadline = startDeadline(clock, totalTimeout, signal);
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
        return broken ? stop(stopped(url, 'merged-invalid', `At ${broken.join(', ')}`)) : made;
      } catch (error) {
        return stop(error);
      }
    },
    succeed({ seen, result }) {
      const { ending } = result;
      // Who changed nothing didn't write, whoever did.
      const own = { ...result, ending: hasChanged ? ending : 'kept-remote' } as const;
      settle(() => resolve(makeKnown(own, seen)));
    },
    fail: (error) => settle(() => reject(error)),
    leave(maybeApplied) {
      const { expired, signal } = deadline;
      const error: unknown = expired ? stopped(url, 'timeout', undefined, maybeApplied) : signal.reason;
      const isFiled = expired || typeof error !== 'object' || error === null;
      turn.fail(isFiled ? error : filed(error, url, 'aborted', message(url, 'aborted'), maybeApplied));
    },
  };
  const onAbort = (): void => onLeave(turn);
  deadline.signal.addEventListener('abort', onAbort);
  if (deadline.signal.aborted) turn.leave(false);
  return turn;
}

function stopped(url: URL, code: StopCode, reason?: string, maybeApplied = false): RecoveryError {
  const told = message(url, code, reason);
  return filed(new RecoveryError(code, told), url, code, told, maybeApplied);
}

function message(url: URL, code: StopCode, reason?: string): string {
  return stopMessage(lineOf(url), undefined, reason === undefined ? { code } : { code, reason });
}

function filed<Outcome extends object>(
  error: Outcome,
  url: URL,
  code: StopCode,
  message: string,
  maybeApplied: boolean,
): Outcome {
  const stop = { ending: 'refused', code, message, maybeApplied } as const;
  return fileReport(error, () => ({ ...lineOf(url), attempts: [], ...stop }));
}

function lineOf({ origin, pathname }: URL): { readonly method: string; readonly url: string } {
  return { method: 'PUT', url: origin + pathname };
}
