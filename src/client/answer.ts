import {
  HTTPError,
  isHTTPError,
  isKyError,
  isNetworkError,
  type NormalizedOptions,
  type Options,
  type ResponsePromise,
} from 'ky';
import { RecoveryError, stopMessage, type Resume } from '../errors.ts';
import { makeKnownBy } from '../recovery/known.ts';
import { unreadCode } from '../recovery/shown.ts';
import { fileAs, fileReport, isRefused, latestReport } from '../filed.ts';
import { addressOf, type Question, type StopCode } from '../report.ts';
import type { Deadline } from '../shell/deadline.ts';
import { isHeaderFailure } from '../shell/fresh-headers.ts';

/**
 * The answer as ky gets it.
 *
 * @throws {HTTPError} for a refusal that the server calls a success. Its body is still to be read.
 */
export function handOver(answer: Response, request: Request, said: Options): Response {
  if (answer.ok && said.throwHttpErrors !== false && isRefused(answer))
    throw new HTTPError(answer, request, said as NormalizedOptions);
  // ky copies it for a hook. What recovery has let go of, since it stalled, can't be copied.
  const isSpent = answer.bodyUsed && said.hooks?.afterResponse?.length;
  return isSpent ? fileAs(new Response(null, answer), answer) : answer;
}

/** The error of a write that failed for good. What the user's own functions throw, and an abort, stay as they are. */
export function recoveryErrorOf(
  error: Error,
  answer: Response | undefined,
  resume: (question: Question) => Resume,
): Error {
  const outcome = isHTTPError(error) ? answer : isNetworkError(error) ? error.cause : error;
  const report = latestReport(outcome);
  if (report?.ending !== 'refused') return error;
  const { code, message, question } = report;
  // A question that was asked before anything was sent has no answer of the server's behind it.
  if (error instanceof RecoveryError && question)
    return fileAs(new RecoveryError(code, message, error.cause, resume(question)), outcome);
  // What only looks like a failure of the network to ky is the user's own, too.
  if (!isHTTPError(error) && (code !== 'network-error' || isHeaderFailure(outcome))) return outcome as Error;
  return fileAs(new RecoveryError(code, message, error, question && resume(question)), outcome);
}

/**
 * The error of a write whose time is up while a hook, or ky, is at work. Once something was sent, a hook may have sent it
 * again.
 *
 * @param answer The last that recovery came to.
 */
export function tooLate(error: Error, { method, url }: Request, answer: Response | undefined): RecoveryError {
  const line = { method, url: addressOf(new URL(url)) };
  const { attempts = [] } = latestReport(answer) ?? {};
  const stop = { code: 'timeout', message: stopMessage(line, answer?.status, { code: 'timeout' }) } as const;
  const report = {
    ...line,
    attempts,
    ending: 'refused',
    ...stop,
    maybeApplied: answer !== undefined,
  } as const;
  return fileReport(new RecoveryError(stop.code, stop.message, error), { isRefused: true, report });
}

/** The user's own parser, if there is one; what it makes of a body is known as the state that it shows. */
export function knowingParser({ parseJson: parse }: Options): Pick<Options, 'parseJson'> {
  if (!parse) return {};
  return {
    parseJson: async (text, context) => makeKnownBy(await parse(text, context), context.response),
  };
}

/** Makes the values of `json()` known as the states that they show. */
export function knowing(
  promise: ResponsePromise,
  stringify: Options['stringifyJson'] = JSON.stringify,
): ResponsePromise {
  const { json } = promise;
  return Object.assign(promise, {
    json: async (...[schema]: Parameters<typeof json> | []): Promise<unknown> => {
      const value: unknown = await (schema === undefined ? json() : json(schema));
      const response = await promise;
      try {
        return makeKnownBy(value, response, schema && (() => stringify(value)));
      } catch {
        // What the caller's own writer refuses can be read all the same, and is no base.
        return value;
      }
    },
  });
}

const readers = ['json', 'text', 'arrayBuffer', 'blob', 'bytes', 'formData'] as const;

/** How long the body of an answer is waited for. */
export interface Patience {
  readonly start: () => Deadline;
  /** Ends the request, and says that it took too long. */
  readonly late: () => Promise<Error>;
}

/**
 * Bounds the time that the body of a write's answer takes: of all else ky measures it itself.
 *
 * @param onRead Called as soon as somebody asks for the body, which most do before the request goes out.
 * @param patience Known as soon as there is a request; an answer of a hook's has none.
 */
export function bounding(
  promise: ResponsePromise,
  onRead: () => void,
  patience: () => Patience | undefined,
): ResponsePromise {
  for (const name of readers) {
    const read = promise[name] as ((...given: unknown[]) => Promise<unknown>) | undefined;
    if (!read) continue;
    const bounded = async (...given: unknown[]): Promise<unknown> => {
      onRead();
      const reading = read(...given);
      // The time runs from the answer on; that there is none is for the reading to say.
      await Promise.race([promise, reading]).catch(() => undefined);
      const { start, late } = patience() ?? {};
      const limit = start?.();
      try {
        return await (limit?.race(reading) ?? reading);
      } catch (error) {
        throw limit?.expired ? ((await late?.()) ?? error) : error;
      } finally {
        limit?.stop();
      }
    };
    void Object.assign(promise, { [name]: bounded });
  }
  return promise;
}

/** What a read that failed by ky's account means for a write that it was made for; `undefined` for any other error. */
export function unreadCodeOf(error: unknown, asked: URL): StopCode | undefined {
  if (isHTTPError(error)) return unreadCode(error.response, asked);
  return isKyError(error) ? 'read-failed' : undefined;
}
