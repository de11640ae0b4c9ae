import {
  HTTPError,
  isHTTPError,
  isKyError,
  isNetworkError,
  type NormalizedOptions,
  type Options,
  type ResponsePromise,
} from 'ky';
import { RecoveryError, stopMessage } from '../errors.ts';
import { trackFromResponse } from '../recovery/known-state.ts';
import { unreadCode } from '../recovery/shown.ts';
import { copyReport, attachReport, isRefused, latestReport } from '../outcomes.ts';
import { addressOf, type Question, type StopCode } from '../report.ts';
import type { Route } from '../route.ts';
import type { Deadline } from '../shell/deadline.ts';
import { isHeaderFailure } from '../shell/fresh-headers.ts';

/**
 * Returns the answer as ky gets it.
 *
 * @throws {HTTPError} for a refusal with a status of success. Its body is still to be read.
 */
export function responseForKy(answer: Response, request: Request, kyOptions: Options): Response {
  if (answer.ok && kyOptions.throwHttpErrors !== false && isRefused(answer))
    throw new HTTPError(answer, request, kyOptions as NormalizedOptions);
  // ky copies the answer for a hook. A body that recovery cancelled, because it stalled, can't be copied.
  const isSpent = answer.bodyUsed && kyOptions.hooks?.afterResponse?.length;
  return isSpent ? copyReport(new Response(null, answer), answer) : answer;
}

/** Makes the error of a write that failed for good. An abort, and an error of the user's own functions, stay as they are. */
export function recoveryErrorOf(
  error: Error,
  answer: Response | undefined,
  questionFor: (question: Question<unknown, Response>) => Question,
): Error {
  const outcome = isHTTPError(error) ? answer : isNetworkError(error) ? error.cause : error;
  const report = latestReport(outcome);
  if (report?.outcome !== 'failed') return error;
  const { code, message, question } = report;
  // A question may come before anything was sent: then there is no answer of the server behind it.
  const asked = question && questionFor(question as Question<unknown, Response>);
  if (error instanceof RecoveryError && asked)
    return copyReport(new RecoveryError(code, message, error.cause, asked), outcome);
  // ky takes some errors of the user's own functions for failures of the network: these stay as they are, too.
  if (!isHTTPError(error) && (code !== 'network-error' || isHeaderFailure(outcome))) return outcome as Error;
  return copyReport(new RecoveryError(code, message, error, asked), outcome);
}

/**
 * Makes the error of a write whose time is up while a hook, or ky, is at work. Once something was sent, the write may
 * have been made: a hook may have sent the write again.
 *
 * @param answer The last answer that recovery came to.
 */
export function timeoutErrorOf(
  error: Error,
  { method, url }: Request,
  answer: Response | undefined,
): RecoveryError {
  const line = { method, url: addressOf(new URL(url)) };
  const { attempts = [] } = latestReport(answer) ?? {};
  const stop = { code: 'timeout', message: stopMessage(line, answer?.status, { code: 'timeout' }) } as const;
  const report = {
    ...line,
    attempts,
    outcome: 'failed',
    ...stop,
    maybeApplied: answer !== undefined,
  } as const;
  return attachReport(new RecoveryError(stop.code, stop.message, error), { isRefused: true, report });
}

/** Wraps the user's own parser, if there is one, so that each value it makes is tracked as the state that the value shows. */
export function trackingParser({ parseJson: parse }: Options): Pick<Options, 'parseJson'> {
  if (!parse) return {};
  return {
    parseJson: async (text, context) => trackFromResponse(await parse(text, context), context.response),
  };
}

/** Tracks the values of `json()` as the states that they show. */
export function withTrackedJson(
  promise: ResponsePromise,
  stringify: Options['stringifyJson'] = JSON.stringify,
): ResponsePromise {
  const { json } = promise;
  return Object.assign(promise, {
    json: async (...[schema]: Parameters<typeof json> | []): Promise<unknown> => {
      const value: unknown = await (schema === undefined ? json() : json(schema));
      const response = await promise;
      try {
        return trackFromResponse(value, response, schema && (() => stringify(value)));
      } catch {
        // A value that the caller's own `stringifyJson` refuses can be read all the same, but is no base.
        return value;
      }
    },
  });
}

const readers = ['json', 'text', 'arrayBuffer', 'blob', 'bytes', 'formData'] as const;

/** The deadline for the body of an answer. */
export interface BodyTimeout {
  readonly start: () => Deadline;
  /** Ends the request, and makes the error of a body that took too long. */
  readonly abort: () => Promise<Error>;
}

/** Returns the time that the body of an answer may take: as long as any request, and no longer than the whole write. */
export function bodyTimeoutOf({ timeout, totalTimeout }: Route): number | false {
  if (timeout === false || totalTimeout === false) return timeout === false ? totalTimeout : timeout;
  return Math.min(timeout, totalTimeout);
}

/**
 * Bounds the time that the body of a write's answer takes. ky measures the time of all other bodies itself.
 *
 * @param onRead Called as soon as the caller asks for the body, which most callers do before the request goes out.
 * @param bodyTimeout Known as soon as there is a request; an answer of a hook has none.
 */
export function withBodyTimeout(
  promise: ResponsePromise,
  onRead: () => void,
  bodyTimeout: () => BodyTimeout | undefined,
): ResponsePromise {
  for (const name of readers) {
    const read = promise[name] as ((...args: unknown[]) => Promise<unknown>) | undefined;
    if (!read) continue;
    const bounded = async (...args: unknown[]): Promise<unknown> => {
      onRead();
      const reading = read(...args);
      // The time runs from the answer on. If there is no answer, `reading` rejects.
      await Promise.race([promise, reading]).catch(() => undefined);
      const { start, abort } = bodyTimeout() ?? {};
      const limit = start?.();
      try {
        return await (limit?.race(reading) ?? reading);
      } catch (error) {
        throw limit?.expired ? ((await abort?.()) ?? error) : error;
      } finally {
        limit?.stop();
      }
    };
    void Object.assign(promise, { [name]: bounded });
  }
  return promise;
}

/**
 * Returns the code for a read that failed by an error of ky, and that was made for a write; `undefined` for any other error.
 */
export function readFailureCode(error: unknown, asked: URL, route: Route): StopCode | undefined {
  if (isHTTPError(error)) return unreadCode(error.response, asked, route);
  return isKyError(error) ? 'read-error' : undefined;
}
