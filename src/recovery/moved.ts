import { equal } from '../core/equal.ts';
import { sameVersion, type Version } from '../core/version.ts';
import type { Route } from '../route.ts';
import type { Representation } from '../shell/representation.ts';
import type { Intent } from './intent.ts';
import { remoteState } from './states.ts';

/**
 * Whether the version is another than the one that was refused. Only then is a conflict real.
 *
 * @param before What was refused, and what that was built on.
 */
export function versionMoved(
  {
    refused,
    latest,
  }: { readonly refused?: Version | undefined; readonly latest?: Representation | undefined },
  remote: Representation,
  intent: Intent,
  route: Route,
): boolean {
  if (refused === undefined) return true;
  if (refused.length > 0) return !sameVersion(refused, remote.version);
  // No version to compare (`none()`): then the state itself.
  const before = latest ? remoteState(latest, route) : intent.base(remote.kind);
  return before === undefined || !equal(before, remoteState(remote, route));
}
