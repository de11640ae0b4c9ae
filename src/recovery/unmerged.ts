import { equal } from '../core/equal.ts';
import type { MediaKind } from '../core/media.ts';
import { putVersion } from '../core/precondition.ts';
import { fitsNoBody, isInBody } from '../core/version-rule.ts';
import type { Reason } from '../report.ts';
import { contentOf } from '../shell/representation.ts';
import { renewHeaders, rewriteOf } from '../shell/transport.ts';
import { leavesOrigin } from './address.ts';
import { draft, faultsOf, localOf, type Matter, type Refused } from './rewrite.ts';
import type { Merged } from './run.ts';
import { idsAfter, stamp } from './stamp.ts';

/**
 * Makes the delete of a newer version. Its body says nothing but the version, where that stands there. A version that has no
 * place in it is a reason to stop: nothing is deleted without.
 */
export function deleteLatest(matter: Matter): Merged | Reason {
  const { run, body, asked, remote } = matter;
  const inBody = isInBody(run.route.version.remove ?? []);
  if (!inBody && body.content === '' && !fitsNoBody(run.route.version)) return { code: 'no-version' };
  const said = inBody ? (body.content === '' ? {} : asked.said('json')) : undefined;
  const { rewrite, document } = draft(matter, said);
  stamp(run, rewrite.headers, undefined, undefined);
  if (inBody) rewrite.headers.set('content-type', 'application/json');
  const content = inBody ? (contentOf('json', document, run.route) ?? '') : rewrite.content;
  return { kind: 'write', rewrite: { ...rewrite, content }, version: remote.version, remote };
}

/** Makes the write that creates a state anew: without a version, and only if there still is nothing. */
export async function recreate(refused: Refused, kind: MediaKind): Promise<Merged | Reason> {
  const { run, body, asked } = refused;
  const { route, world } = run;
  const local = localOf(refused, kind, undefined);
  if ('code' in local) return local;
  const whole = contentOf(kind, local.value, route);
  const broken = whole === undefined ? undefined : await faultsOf(run, kind, whole);
  if (broken) return { code: 'merged-invalid', reason: broken };

  const { url, headers } = rewriteOf(run.write, body, run.target);
  const document = putVersion(route.version, undefined, {
    headers,
    query: url.searchParams,
    document: local.value,
  });
  const { value, isStamped } = stamp(run, headers, document, idsAfter(run, document));
  const content = contentOf(kind, value, route);
  if (content === undefined) return { code: 'content-type' };
  headers.set('if-none-match', '*');
  const isOwn = !asked.format && !isStamped && equal(document, asked.said(kind));
  if (!isOwn) renewHeaders(headers, () => world.clock.id());
  // A patch makes nothing new, so the whole state goes out, and isn't called a patch.
  if (asked.format) headers.set('content-type', 'application/json');
  // A server that creates elsewhere may not know the header, and would overwrite.
  const at = route.createAt ? new URL(route.createAt(new URL(url)), url) : url;
  if (leavesOrigin(url, at)) return { code: 'redirected' };
  const method = route.createAt ? route.createBy : 'PUT';
  const rewrite = { method, url: at, headers, content: isOwn ? body.content : content };
  return { kind: 'write', rewrite, content };
}
