import ky, { isNetworkError, isTimeoutError, type NormalizedOptions, type Options } from 'ky';
import { asHeaderFailure } from '../shell/fresh-headers.ts';
import { recoveryOf } from '../filed.ts';
import { discard } from '../shell/body.ts';

/** Whether an answer says that the credentials of a request serve no more, or not for this. */
export function isDenied({ status }: Response): boolean {
  return status === 401 || status === 403;
}

/** How often ky repeats a request by default. */
const defaultLimit = 2;

/**
 * Shows the caller's hooks a refusal that only recovery gets to see, of a re-read or of a later send, as ky shows them
 * that of a first send: `afterResponse` may answer in its place, or have the request sent again by `ky.retry()`, which
 * `beforeRetry` may change.
 *
 * @param request What was refused. It carries the precondition, for a hook that sends it by itself.
 * @param resend Sends a request that a hook has changed.
 */
export async function shownToHooks(
  request: Request,
  refusal: Response,
  said: Options,
  resend: (request: Request) => Promise<Response>,
): Promise<Response> {
  const { hooks, retry } = said;
  const limit = (typeof retry === 'number' ? retry : retry?.limit) ?? defaultLimit;
  const options = said as NormalizedOptions;
  let answer = refusal;
  let asked = request;
  try {
    for (let retryCount = 0; ; retryCount += 1) {
      let again: Marker | undefined;
      for (const hook of hooks?.afterResponse ?? []) {
        const given = await hook({ request: asked, options, response: answer.clone(), retryCount });
        if (isMarker(given)) {
          again = given;
          break;
        }
        if (given) answer = replaced(answer, given);
      }
      if (!again || retryCount >= limit) return answer;
      asked = again.options?.request ?? asked;
      const retrying = { options, error: new Error('Forced retry'), retryCount: retryCount + 1 };
      for (const hook of hooks?.beforeRetry ?? []) {
        const given = await hook({ ...retrying, request: asked });
        if (given === ky.stop) return answer;
        if (given instanceof Response) return replaced(answer, given);
        if (given instanceof Request) asked = given;
      }
      answer = replaced(answer, await resend(asked));
      if (!isDenied(answer)) return answer;
    }
  } catch (error) {
    discard(answer);
    // What a hook throws is the caller's own. But a copy that it sent may be in doubt, and is looked into.
    throw request.signal.aborted || mayHaveSent(error) ? error : asHeaderFailure(error);
  }
}

/** Whether what a hook throws says that it has sent something, of which it doesn't know what became. */
function mayHaveSent(error: unknown): boolean {
  const report = recoveryOf(error);
  if (report) return report.ending === 'refused' && report.maybeApplied;
  // ky's own errors of the network, and fetch's in Node.
  const { cause } = Object(error) as Partial<Error>;
  return (
    isNetworkError(error) || isTimeoutError(error) || (error instanceof TypeError && cause !== undefined)
  );
}

export type Marker = ReturnType<typeof ky.retry>;

/** ky doesn't export the class of what `ky.retry()` makes. */
export function isMarker(given: unknown): given is Marker {
  return given instanceof ky.retry().constructor;
}

/** Another answer, and the one before it let go of. */
function replaced(before: Response, answer: Response): Response {
  if (before !== answer && before.body !== answer.body) discard(before);
  return answer;
}
