import { etag, field, lastModified, none, type RouteOptions } from 'remerge';

/** How the server tells states apart; `weak` and `date` have a second for their smallest step. */
export type Versions = 'etag' | 'field' | 'weak' | 'date' | 'none';

/** Whether the server compares versions of which each state has one of its own. */
export function isExact({ versions }: { readonly versions: Versions }): boolean {
  return versions === 'etag' || versions === 'field';
}

/** The route's option for it. */
export function versionOf(versions: Versions): NonNullable<RouteOptions['version']> {
  if (versions === 'field') return field('/version');
  if (versions === 'date') return lastModified();
  return versions === 'none' ? none() : etag(versions === 'weak' ? { weak: 'send' } : {});
}
