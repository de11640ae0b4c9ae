import type { MediaKind } from '../core/media.ts';
import { isRecoveryError, stopped, type RecoveryError } from '../errors.ts';
import { tell } from '../events.ts';
import type { Overrides } from '../options.ts';
import { abortsSoFar, attachAbortReport, attachReport, latestReport } from '../outcomes.ts';
import { addressOf, type Recovery, type StopCode, type WriteResult } from '../report.ts';
import { Deadline } from '../shell/deadline.ts';
import { valueOf, type Content } from '../shell/representation.ts';
import { brokenAt } from '../shell/schema.ts';
import { handleResult } from './handle-values.ts';
import type { ResourceState, ResourceTarget } from './read-state.ts';
import { applyRecipe, type Recipe } from './recipe.ts';

/** The options of one update. */
export interface QueuedUpdateOptions {
  readonly signal?: AbortSignal;
  readonly together?: boolean;
  readonly repeatable?: boolean;
  readonly recovery?: Overrides;
}

/** The result of a recipe. */
export interface RecipeResult {
  /** The state that the recipe made; the given state if the recipe changes nothing, or fails. */
  readonly content: Content;
  readonly hasChanged: boolean;
  readonly failure?: Failure;
}

/** The failure of a recipe: what it threw, or what the schema says of its result. */
interface Failure {
  readonly error: unknown;
  readonly stop: RecoveryError;
}

/** One caller's update, from the call to its result. The queue or the batch that holds the update sets `maybeApplied`. */
export class QueuedUpdate {
  /** The result that the caller waits for. */
  readonly result: Promise<WriteResult>;
  readonly recovery: Overrides;
  /** Whether the recipe may be applied to a state that holds its change already. */
  readonly isRepeatable: boolean;
  /** Whether the update needs a write of its own. */
  readonly isAlone: boolean;
  /** Whether a send that holds the change may have been made. */
  maybeApplied = false;
  /** The milliseconds that the recipe took, if that was too long for the other updates. */
  took = 0;
  /** The number of times in a row that later updates ended before the recipe did. */
  overtaken = 0;
  /** The number of the update in the queue. */
  number = 0;
  /** Called when the update is over, for whatever reason. */
  onOver = nothing;
  /** Called when the caller aborts, or the time is up. */
  onCancel = nothing;
  readonly #recipe: Recipe;
  readonly #target: ResourceTarget;
  readonly #deadline: Deadline;
  #since = 0;
  readonly #onAbort = (): void => this.#cancel();
  #isOver = false;
  #resolve!: (result: WriteResult) => void;
  #reject!: (error: unknown) => void;

  constructor(
    recipe: Recipe,
    { signal, together = true, repeatable = false, recovery = {} }: QueuedUpdateOptions,
    target: ResourceTarget,
  ) {
    const { totalTimeout = target.route.totalTimeout } = recovery;
    this.#recipe = recipe;
    this.#target = target;
    this.#deadline = new Deadline(target.client.shared.clock, totalTimeout, signal);
    this.recovery = recovery;
    this.isRepeatable = repeatable;
    this.isAlone = !together || Object.keys(recovery).length > 0;
    this.result = new Promise((onResult, onError) => {
      this.#resolve = onResult;
      this.#reject = onError;
    });
    this.#deadline.signal.addEventListener('abort', this.#onAbort);
    // If the signal is aborted already, its reason may have the report of other writes in the same tick.
    if (this.#deadline.signal.aborted) this.#cancel();
    this.#since = abortsSoFar();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The milliseconds that are left. */
  get remaining(): number {
    return this.#deadline.remaining();
  }

  /** Stops the time until something is over that isn't the caller's to hurry. */
  pause(until: Promise<unknown>): void {
    const goOn = (): void => {
      if (this.#isOver) this.#deadline.stop();
    };
    this.#deadline.paused(until).then(goOn, goOn);
  }

  /** Applies the recipe to a state. Never rejects. */
  async tryRecipe(kind: MediaKind, content: Content): Promise<RecipeResult> {
    try {
      return await this.#deadline.race(this.#apply(kind, content));
    } catch (error) {
      return { content, hasChanged: false, failure: { error, stop: this.#stopped('merge-error') } };
    }
  }

  async #apply(kind: MediaKind, content: Content): Promise<RecipeResult> {
    const { route } = this.#target;
    const made = await applyRecipe(this.#recipe, kind, content, this.#target);
    const hasChanged = made !== content;
    const broken = hasChanged ? await brokenAt(route.schema, valueOf(kind, made, route)) : undefined;
    if (!broken) return { content: made, hasChanged };
    const error = this.#stopped('merged-invalid', broken);
    return { content, hasChanged: false, failure: { error, stop: error } };
  }

  /**
   * Resolves the update with a state: by the write that made the state, or because there was nothing to change.
   * @param hasChanged Whether the recipe changed the state. If not, the update wrote nothing, even if others did.
   */
  resolve({ known, result }: ResourceState, hasChanged: boolean): void {
    const { attempts, response } = result;
    // No state is known while a write is only accepted, be it one that other updates asked for.
    const isPending = result.outcome === 'accepted';
    const isMade = hasChanged || isPending || (this.maybeApplied && result.outcome === 'already-applied');
    const outcome = isMade ? result.outcome : 'unchanged';
    const report = (): Recovery => latestReport(response) ?? { ...this.#request, attempts, outcome };
    const own = { ...result, response, outcome } as const;
    this.#end(
      () => ({ ...report(), outcome }),
      () => this.#resolve(handleResult(own, isPending ? undefined : known)),
    );
  }

  /** Rejects the update with the failure of the write that it was part of. */
  rejectWithWrite(error: unknown, report: Recovery): void {
    this.#end(
      () => report,
      () => this.#reject(error),
    );
  }

  /**
   * Rejects the update with a failure of its own, whatever becomes of other updates.
   *
   * @param stop The code or the error to report, if `error` isn't ours.
   */
  reject(error: unknown, stop: StopCode | RecoveryError): void {
    const { code, message } =
      typeof stop === 'object' ? stop : isRecoveryError(error) ? error : this.#stopped(stop);
    const { maybeApplied } = this;
    const refusal = { outcome: 'failed', code, message, maybeApplied } as const;
    const report: Recovery = { ...this.#request, attempts: [], ...refusal };
    const reject = (): void => {
      // The error of another write keeps the report of that write.
      const isObject = typeof error === 'object' && error !== null;
      const record = { isRefused: true, report };
      if (isObject && code === 'abort') attachAbortReport(error, record, this.#since);
      else if (isObject && (error === stop || !isRecoveryError(error))) attachReport(error, record);
      this.#reject(error);
    };
    this.#end(() => report, reject);
  }

  /** Cancels the update, as its caller has aborted, or its time is up. */
  #cancel(): void {
    const { expired, signal } = this.#deadline;
    const stop = this.#stopped(expired ? 'timeout' : 'abort');
    this.reject(expired ? stop : signal.reason, stop);
    this.onCancel();
  }

  #end(toReport: () => Recovery, settle: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#deadline.stop();
    this.#deadline.signal.removeEventListener('abort', this.#onAbort);
    settle();
    this.onOver();
    const { onEvent } = this.#target.client.shared;
    if (!onEvent) return;
    const recovery = copyOf(toReport());
    tell(onEvent, { ...this.#request, attempt: recovery.attempts.length, kind: 'end', recovery });
  }

  get #request(): Pick<Recovery, 'method' | 'url'> {
    const { route, url } = this.#target;
    return { method: route.replace, url: addressOf(url) };
  }

  #stopped(code: StopCode, reason?: string): RecoveryError {
    const { route, url } = this.#target;
    return stopped(route.replace, url, code, reason);
  }
}

const nothing = (): void => undefined;

/** Copies a report, hidden members included: a listener can't change the report that others get. */
function copyOf(report: Recovery): Recovery {
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(report)) as Recovery;
  return Object.assign(copy, { attempts: report.attempts.map((attempt) => ({ ...attempt })) });
}
