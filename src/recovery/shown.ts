import type { StopCode } from '../report.ts';
import type { Route } from '../route.ts';
import { isRedirect } from '../shell/transport.ts';
import { leavesOrigin } from './address.ts';

/** Whether the status of an answer says that nothing is there. */
export function isGone({ status }: Response, { goneStatuses }: Pick<Route, 'goneStatuses'>): boolean {
  return goneStatuses.includes(status);
}

/**
 * Why the answer to a read shows no state; `undefined` where it does: a 200 from the address that was asked, and not of a
 * fetch that follows redirects though it was told not to.
 */
export function unreadCode(
  response: Response,
  asked: URL,
  route: Pick<Route, 'goneStatuses'>,
): StopCode | undefined {
  const { status, redirected, url } = response;
  if (isRedirect(response) || redirected || (url && leavesOrigin(asked, url))) return 'redirect';
  if (isGone(response, route)) return 'gone';
  if (status === 200) return undefined;
  return status === 401 || status === 403 ? 'unauthorized' : 'read-error';
}
