import type { MediaKind } from '../core/media.ts';
import { isRecoveryError, stopped, type RecoveryError } from '../errors.ts';
import { tell } from '../events.ts';
import type { Overrides } from '../options.ts';
import { abortsSoFar, fileAbort, fileReport, latestReport } from '../filed.ts';
import { addressOf, type Recovery, type StopCode, type WriteResult } from '../report.ts';
import { Deadline } from '../shell/deadline.ts';
import { valueOf, type Content } from '../shell/representation.ts';
import { brokenAt } from '../shell/schema.ts';
import { give } from './given.ts';
import type { State, Target } from './reach.ts';
import { applyRecipe, type Recipe } from './recipe.ts';

/** What an update says for itself. */
export interface TurnOptions extends Overrides {
  readonly signal?: AbortSignal;
  readonly together?: boolean;
}

/** What a recipe came to. */
export interface Tried {
  /** What it made of the state; the state itself where it changes nothing, or fails. */
  readonly content: Content;
  readonly hasChanged: boolean;
  readonly failure?: Failure;
}

/** Why a recipe fails: what it threw, or what the schema says of what it made. */
interface Failure {
  readonly error: unknown;
  readonly stop: RecoveryError;
}

/** One caller's update, from the call to its result. The queue or the batch that holds it says whether it may have been made. */
export class Turn {
  /** What the caller waits for. */
  readonly settled: Promise<WriteResult>;
  readonly recovery: Overrides;
  /** Whether its recipe may be applied to a state that holds its change already. */
  readonly isIdempotent: boolean;
  /** Whether it has to go in a write of its own. */
  readonly isAlone: boolean;
  /** Whether a send that holds its change may have been made. */
  maybeApplied = false;
  /** How long its recipe took when that was too long for the others, in milliseconds. */
  took = 0;
  /** How often in a row updates that were called while its recipe ran were over before it. */
  overtaken = 0;
  /** Its number in the queue. */
  number = 0;
  /** Called when it is over, however that came. */
  onOver = nothing;
  /** Called when its caller has gone, or its time is up. */
  onLeave = nothing;
  readonly #recipe: Recipe;
  readonly #target: Target;
  readonly #deadline: Deadline;
  #since = 0;
  readonly #onAbort = (): void => this.#leave();
  #isOver = false;
  #resolve!: (result: WriteResult) => void;
  #reject!: (error: unknown) => void;

  constructor(
    recipe: Recipe,
    { signal, together = true, idempotent = false, ...recovery }: TurnOptions,
    target: Target,
  ) {
    const { totalTimeout = target.route.totalTimeout } = recovery;
    this.#recipe = recipe;
    this.#target = target;
    this.#deadline = new Deadline(target.site.world.clock, totalTimeout, signal);
    this.recovery = recovery;
    this.isIdempotent = idempotent;
    this.isAlone = !together || Object.keys(recovery).length > 0;
    this.settled = new Promise((onResult, onError) => {
      this.#resolve = onResult;
      this.#reject = onError;
    });
    this.#deadline.signal.addEventListener('abort', this.#onAbort);
    // The reason of a signal that is aborted already may be told of others in the same breath.
    if (this.#deadline.signal.aborted) this.#leave();
    this.#since = abortsSoFar();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** How much of its time is left, in milliseconds. */
  get remaining(): number {
    return this.#deadline.remaining();
  }

  /** Applies the recipe to a state. Never rejects. */
  async try(kind: MediaKind, content: Content): Promise<Tried> {
    try {
      return await this.#deadline.race(this.#apply(kind, content));
    } catch (error) {
      return { content, hasChanged: false, failure: { error, stop: this.#stopped('merge-failed') } };
    }
  }

  async #apply(kind: MediaKind, content: Content): Promise<Tried> {
    const { route } = this.#target;
    const made = await applyRecipe(this.#recipe, kind, content, this.#target);
    const hasChanged = made !== content;
    const broken = hasChanged ? await brokenAt(route.schema, valueOf(kind, made, route)) : undefined;
    if (!broken) return { content: made, hasChanged };
    const error = this.#stopped('merged-invalid', broken);
    return { content, hasChanged: false, failure: { error, stop: error } };
  }

  /**
   * It came to a state: by the write that left it, or because it had nothing to change.
   *
   * @param hasChanged Whether the state is another by its recipe. Who changed nothing didn't write, whoever did.
   */
  succeed({ seen, result }: State, hasChanged: boolean): void {
    const { response } = result;
    const isWritten = hasChanged || (this.maybeApplied && result.ending === 'already-applied');
    const ending = isWritten ? result.ending : 'kept-remote';
    const own = { ...result, response, ending } as const;
    const { attempts } = result;
    const told = (): Recovery => ({ ...(latestReport(response) ?? { ...this.#line, attempts }), ending });
    this.#end(told, () => this.#resolve(give(own, seen)));
  }

  /** The write that it travelled in has failed, as its report tells. */
  fail(error: unknown, report: Recovery): void {
    this.#end(
      () => report,
      () => this.#reject(error),
    );
  }

  /**
   * It fails by itself, whatever becomes of others.
   *
   * @param stop What is told of it, where the error isn't ours.
   */
  refuse(error: unknown, stop: StopCode | RecoveryError): void {
    const { code, message } =
      typeof stop === 'object' ? stop : isRecoveryError(error) ? error : this.#stopped(stop);
    const { maybeApplied } = this;
    const report: Recovery = {
      ...this.#line,
      attempts: [],
      ...({ ending: 'refused', code, message, maybeApplied } as const),
    };
    const reject = (): void => {
      // What another write came to tells of that one.
      const isFile = typeof error === 'object' && error !== null;
      const filed = { isRefused: true, report };
      if (isFile && code === 'aborted') fileAbort(error, filed, this.#since);
      else if (isFile && (error === stop || !isRecoveryError(error))) fileReport(error, filed);
      this.#reject(error);
    };
    this.#end(() => report, reject);
  }

  /** Its caller has gone, or its time is up. */
  #leave(): void {
    const { expired, signal } = this.#deadline;
    const stop = this.#stopped(expired ? 'timeout' : 'aborted');
    this.refuse(expired ? stop : signal.reason, stop);
    this.onLeave();
  }

  #end(told: () => Recovery, how: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#deadline.stop();
    this.#deadline.signal.removeEventListener('abort', this.#onAbort);
    how();
    this.onOver();
    const { onEvent } = this.#target.site.world;
    if (!onEvent) return;
    const recovery = copyOf(told());
    tell(onEvent, { ...this.#line, attempt: recovery.attempts.length, kind: 'end', recovery });
  }

  get #line(): Pick<Recovery, 'method' | 'url'> {
    const { route, url } = this.#target;
    return { method: route.writeBy, url: addressOf(url) };
  }

  #stopped(code: StopCode, reason?: string): RecoveryError {
    const { route, url } = this.#target;
    return stopped(route.writeBy, url, code, reason);
  }
}

const nothing = (): void => undefined;

/** A report of its own, what it hides included: a listener can't change what others are told. */
function copyOf(report: Recovery): Recovery {
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(report)) as Recovery;
  return Object.assign(copy, { attempts: report.attempts.map((attempt) => ({ ...attempt })) });
}
