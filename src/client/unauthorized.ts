import ky, { isNetworkError, isTimeoutError, type NormalizedOptions, type Options } from 'ky';
import { asHeaderFailure } from '../shell/fresh-headers.ts';
import { recoveryOf } from '../outcomes.ts';
import { discard } from '../shell/body.ts';

/** Whether an answer says that the credentials of a request are no longer valid, or not for this request. */
export function isUnauthorized({ status }: Response): boolean {
  return status === 401 || status === 403;
}

/** The number of times that ky repeats a request by default. */
const defaultLimit = 2;

/**
 * Shows the caller's hooks a refusal that only recovery sees, of a re-read or of a later send, as ky shows them the
 * refusal of a first send: `afterResponse` may answer in its place, or have the request sent again by `ky.retry()`, and
 * `beforeRetry` may change that request.
 *
 * @param request The request that was refused. It carries the precondition, for a hook that sends it by itself.
 * @param resend Sends a request that a hook has changed.
 */
export async function passToHooks(
  request: Request,
  refusal: Response,
  kyOptions: Options,
  resend: (request: Request) => Promise<Response>,
): Promise<Response> {
  const { hooks, retry } = kyOptions;
  const limit = (typeof retry === 'number' ? retry : retry?.limit) ?? defaultLimit;
  const options = kyOptions as NormalizedOptions;
  let answer = refusal;
  let current = request;
  try {
    for (let retryCount = 0; ; retryCount += 1) {
      let again: Marker | undefined;
      for (const hook of hooks?.afterResponse ?? []) {
        const returned = await hook({ request: current, options, response: answer.clone(), retryCount });
        if (isMarker(returned)) {
          again = returned;
          break;
        }
        if (returned) answer = replaced(answer, returned);
      }
      if (!again || retryCount >= limit) return answer;
      current = again.options?.request ?? current;
      const retrying = { options, error: new Error('Forced retry'), retryCount: retryCount + 1 };
      for (const hook of hooks?.beforeRetry ?? []) {
        const returned = await hook({ ...retrying, request: current });
        if (returned === ky.stop) return answer;
        if (returned instanceof Response) return replaced(answer, returned);
        if (returned instanceof Request) current = returned;
      }
      answer = replaced(answer, await resend(current));
      if (!isUnauthorized(answer)) return answer;
    }
  } catch (error) {
    discard(answer);
    // An error of a hook is the caller's own, unless the hook may have sent a copy: then recovery finds out what became
    // of that.
    throw request.signal.aborted || mayHaveSent(error) ? error : asHeaderFailure(error);
  }
}

/** Whether the error of a hook says that the hook has sent something with an unknown outcome. */
function mayHaveSent(error: unknown): boolean {
  const report = recoveryOf(error);
  if (report) return report.outcome === 'failed' && report.maybeApplied;
  // These are ky's own errors of the network, and fetch's in Node.
  const { cause } = Object(error) as Partial<Error>;
  return (
    isNetworkError(error) || isTimeoutError(error) || (error instanceof TypeError && cause !== undefined)
  );
}

export type Marker = ReturnType<typeof ky.retry>;

/** Whether a hook returned what `ky.retry()` makes. ky doesn't export that class. */
export function isMarker(returned: unknown): returned is Marker {
  return returned instanceof ky.retry().constructor;
}

/** Returns the new answer, and discards the one before it. */
function replaced(before: Response, answer: Response): Response {
  if (before !== answer && before.body !== answer.body) discard(before);
  return answer;
}
