import type { StopCode } from '../report.ts';
import { isRedirect } from '../shell/transport.ts';
import { leavesOrigin } from './address.ts';

/** Whether an answer says that nothing is there. */
export function isGone({ status }: Response): boolean {
  return status === 404 || status === 410;
}

/**
 * Why the answer to a read shows no state; `undefined` where it does: a 200 from the address that was asked, and not of a
 * fetch that follows redirects though it was told not to.
 */
export function unreadCode(response: Response, asked: URL): StopCode | undefined {
  const { status, redirected, url } = response;
  if (isRedirect(response) || redirected || (url && leavesOrigin(asked, url))) return 'redirect';
  if (status === 200) return undefined;
  return isGone(response) ? 'gone' : status === 401 || status === 403 ? 'unauthorized' : 'read-error';
}
