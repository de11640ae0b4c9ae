import type { Asked } from './asked.ts';
import { equal } from './core/equal.ts';
import type { MediaKind } from './core/media.ts';
import { dropVersion, putVersion } from './core/precondition.ts';
import type { Sides } from './core/resolution.ts';
import { RecoveryError, stopMessage } from './errors.ts';
import type { Patched } from './merge/patch-format.ts';
import type { Reason } from './report.ts';
import type { Refusal } from './reread.ts';
import type { Decided, Merged, Run } from './run.ts';
import type { KeptBody } from './shell/body.ts';
import { contentOf, valueOf, type Content, type Representation } from './shell/representation.ts';
import { brokenAt } from './shell/schema.ts';
import { renewHeaders, type Rewrite } from './shell/transport.ts';

/** A refused write, and what the next one is made of. */
export interface Refused {
  readonly run: Run;
  readonly body: KeptBody;
  readonly asked: Asked;
  readonly refusal: Refusal;
  /** The number of the send that comes next. */
  readonly attempt: number;
}

/** The same, with the latest representation at hand. */
export interface Matter extends Refused {
  readonly remote: Representation;
}

/** Makes the write of a merged value: under the fresh version, and only if it says anything new. */
export async function writeValue(matter: Matter, value: unknown): Promise<Decided> {
  const { run, body, asked, remote } = matter;
  const { route, world } = run;
  const { kind } = remote;
  const { rewrite, document } = draft(matter, value);
  // What the server gets is what JSON says of a value, so that is what is compared and validated.
  const content = contentOf(kind, document, route);
  if (content === undefined) mergeFailed(run, `returned no ${kind === 'bytes' ? 'Uint8Array' : kind} value`);
  const merged = valueOf(kind, content, route);
  if (equal(merged, theirs(matter))) return { kind: 'keep-remote', remote };
  const broken = await faultsOf(run, kind, content);
  if (broken) return { code: 'merged-invalid', reason: broken };

  const said = asked.said(kind);
  const format = rewrite.method === 'PATCH' ? asked.format : undefined;
  const toSay = format?.between(theirs(matter), merged, said, draft(matter, {}).document) ?? patched(merged);
  if (toSay.kind !== 'patched') return reasonFor(toSay);
  // What is still the caller's goes out in the caller's own bytes.
  const isOwn = equal(toSay.value, said);
  if (!isOwn) renewHeaders(rewrite.headers, () => world.clock.id());
  const words = isOwn ? body.content : (contentOf(kind, toSay.value, route) ?? content);
  return { kind: 'write', rewrite: { ...rewrite, content: words }, content, remote };
}

/** Makes the delete of a newer version. */
export function deleteLatest(matter: Matter): Merged {
  const { rewrite } = draft(matter, undefined);
  return { kind: 'write', rewrite, content: undefined, remote: matter.remote };
}

/** Makes the write that creates a state anew: without a version, and only if there still is nothing. */
export function recreate({ run, body, asked }: Refused, local: unknown): Merged | Reason {
  const { route, world } = run;
  const rewrite = asAsked(run, body);
  const { url, headers } = rewrite;
  const document = dropVersion(route.version, { headers, query: url.searchParams, document: local });
  const kind = asked.kind ?? 'json';
  const content = contentOf(kind, document, route);
  if (content === undefined) return { code: 'content-type' };
  headers.set('if-none-match', '*');
  const isOwn = rewrite.method === run.write.method && equal(document, asked.said(kind));
  if (!isOwn) renewHeaders(headers, () => world.clock.id());
  const words = isOwn ? body.content : content;
  return { kind: 'write', rewrite: { ...rewrite, content: words }, content, remote: undefined };
}

/** The three states, each a copy of its own, or why there is no local one. */
export function sidesOf(matter: Matter): Sides | Reason {
  const { asked, remote } = matter;
  const base = asked.base(remote.kind);
  const local = localOf(matter, remote.kind, base, theirs(matter));
  return 'code' in local ? local : { base, local: local.value, remote: theirs(matter) };
}

/** The state that the caller asked for: its body, or what its patch makes of the base; of the remote, where that is unknown. */
export function localOf(
  { run, asked }: Refused,
  kind: MediaKind,
  base: unknown,
  remote: unknown,
): { readonly value: unknown } | Reason {
  if (run.write.method === 'PATCH' && !asked.format) return { code: 'unknown-patch' };
  try {
    const said = asked.said(kind);
    const local = asked.format?.apply(said, base, remote) ?? patched(said);
    return local.kind === 'patched' ? local : reasonFor(local);
  } catch {
    // The parser's error quotes the body, and no report may.
    return { code: 'content-type' };
  }
}

export function theirs({ run, remote }: Matter): unknown {
  return valueOf(remote.kind, remote.content, run.route);
}

/** The merge is at fault, and its caller is told. */
export function mergeFailed({ journal }: Run, what: string): never {
  const code = 'merge-failed';
  throw new RecoveryError(code, stopMessage(journal, undefined, { code, reason: `The merge ${what}` }));
}

/** Where a body breaks the schema, in words. */
export async function faultsOf(
  { route }: Run,
  kind: MediaKind,
  content: Content,
): Promise<string | undefined> {
  if (kind !== 'json') return undefined;
  const broken = await brokenAt(route.schema, valueOf(kind, content, route));
  return broken && `At ${broken.join(', ')}.`;
}

/** The next write with its document, both with the fresh version in every place that carries it. */
function draft({ run, body, remote }: Matter, value: unknown): { rewrite: Rewrite; document: unknown } {
  const rewrite = asAsked(run, body);
  const { url, headers } = rewrite;
  headers.delete('if-none-match');
  const parts = { headers, query: url.searchParams, document: value };
  return { rewrite, document: putVersion(run.route.version, remote.version, parts) };
}

/** The caller's write to the target of now, which a create or a recreate may have changed. */
function asAsked({ write, target }: Run, body: KeptBody): Rewrite {
  const headers = new Headers(write.headers);
  if (body.type && !headers.has('content-type')) headers.set('content-type', body.type);
  // What is no patch any more isn't called one.
  if (write.method === 'PATCH' && target.method !== 'PATCH') headers.set('content-type', 'application/json');
  return { method: target.method, url: new URL(target.url), headers, content: body.content };
}

function patched(value: unknown): Extract<Patched, { kind: 'patched' }> {
  return { kind: 'patched', value };
}

function reasonFor(problem: Exclude<Patched, { kind: 'patched' }>): Reason {
  return problem.kind === 'base-unknown'
    ? { code: problem.kind }
    : { code: problem.kind, reason: `At ${problem.at}.` };
}
