import { equal } from './core/equal.ts';
import { putVersion } from './core/precondition.ts';
import { isResolution, settle, type Sides } from './core/resolution.ts';
import { RecoveryError, stopMessage } from './errors.ts';
import type { Patched } from './merge/patch-format.ts';
import type { Reason } from './report.ts';
import type { Refusal } from './reread.ts';
import type { Asked, Run } from './run.ts';
import type { KeptBody } from './shell/body.ts';
import { contentOf, valueOf, type Content, type Representation } from './shell/representation.ts';
import { brokenAt } from './shell/schema.ts';
import { renewHeaders, type Rewrite } from './shell/transport.ts';

/** What a merge came to: a write to send, nothing to write, or a reason to stop. */
export type Decided =
  { readonly kind: 'write'; readonly rewrite: Rewrite } | { readonly kind: 'keep-remote' } | Reason;

/** A refused write, and all that the next one is made of. */
export interface Matter {
  readonly run: Run;
  readonly body: KeptBody;
  readonly asked: Asked;
  readonly refusal: Refusal;
  readonly remote: Representation;
  /** The number of the send that comes next. */
  readonly attempt: number;
}

/** Has the caller's change merged onto the latest representation, and makes the write of it. */
export async function decide(matter: Matter): Promise<Decided> {
  const { run, remote } = matter;
  const broken = await faultsOf(matter, remote.content);
  if (broken) return { code: 'remote-invalid', reason: broken };
  return run.write.method === 'DELETE' ? decideDelete(matter) : decideWrite(matter);
}

async function decideDelete(matter: Matter): Promise<Decided> {
  const { run, body, asked, remote } = matter;
  const { onStaleDelete } = run.route;
  const ask = async (): Promise<unknown> =>
    typeof onStaleDelete === 'function'
      ? onStaleDelete({ base: asked.base(remote.kind), remote: theirs(matter) })
      : onStaleDelete;
  if ((await run.deadline.race(ask())) !== 'delete') return { code: 'stale-delete' };
  const { url, headers } = draft(matter, undefined);
  return { kind: 'write', rewrite: { url, headers, content: body.content } };
}

async function decideWrite(matter: Matter): Promise<Decided> {
  const { run, body, asked, refusal, remote, attempt } = matter;
  const { route, world, deadline, journal } = run;
  const { kind } = remote;
  const sides = sidesOf(matter);
  if ('code' in sides) return sides;
  const context = { ...sides, attempt, reason: refusal.reason, signal: deadline.signal };
  // A strategy that the merge leaves the decision to gets copies that the merge hasn't touched.
  const merging = async (): Promise<unknown> => settle(await route.merge(context), sidesOf(matter) as Sides);
  const decision = await deadline.race(merging());
  if (isResolution(decision)) {
    journal.tell(attempt, { kind: 'merge', decision: decision.kind });
    if (decision.kind === 'keep-remote') return { kind: 'keep-remote' };
    return { code: 'gave-up', reason: decision.reason, conflicts: decision.conflicts };
  }
  if (decision === undefined) return fail(run, 'returned undefined (did it forget a return?)');

  const { url, headers, document } = draft(matter, decision);
  // What the server gets is what JSON says of a value, so that is what is compared and validated.
  const content = contentOf(kind, document, route);
  if (content === undefined) return fail(run, `returned no ${kind === 'bytes' ? 'Uint8Array' : kind} value`);
  const merged = valueOf(kind, content, route);
  if (equal(merged, theirs(matter))) {
    journal.tell(attempt, { kind: 'merge', decision: 'keep-remote' });
    return { kind: 'keep-remote' };
  }
  const invalid = await faultsOf(matter, content);
  if (invalid) return { code: 'merged-invalid', reason: invalid };

  const said = asked.said(kind);
  const toSay =
    asked.format?.between(theirs(matter), merged, said, draft(matter, {}).document) ?? patched(merged);
  if (toSay.kind !== 'patched') return reasonFor(toSay);
  journal.tell(attempt, { kind: 'merge', decision: 'write' });
  // What is still the caller's goes out in the caller's own bytes.
  if (equal(toSay.value, said)) return { kind: 'write', rewrite: { url, headers, content: body.content } };
  renewHeaders(headers, () => world.clock.id());
  return {
    kind: 'write',
    rewrite: { url, headers, content: contentOf(kind, toSay.value, route) ?? content },
  };
}

/** The three states, each a copy of its own, or why there is no local one. */
function sidesOf(matter: Matter): Sides | Reason {
  const { run, asked, remote } = matter;
  const base = asked.base(remote.kind);
  if (run.write.method === 'PATCH' && !asked.format) return { code: 'unknown-patch' };
  try {
    const said = asked.said(remote.kind);
    const local = asked.format?.apply(said, base, theirs(matter)) ?? patched(said);
    return local.kind === 'patched' ? { base, local: local.value, remote: theirs(matter) } : reasonFor(local);
  } catch {
    // The parser's error quotes the body, and no report may.
    return { code: 'content-type' };
  }
}

function theirs({ run, remote }: Matter): unknown {
  return valueOf(remote.kind, remote.content, run.route);
}

/** The next write's address, headers and document, with the fresh version in every place that carries it. */
function draft(
  { run, body, remote }: Matter,
  value: unknown,
): { url: URL; headers: Headers; document: unknown } {
  const { write, route } = run;
  const url = new URL(write.url);
  const headers = new Headers(write.headers);
  if (body.type && !headers.has('content-type')) headers.set('content-type', body.type);
  const parts = { headers, query: url.searchParams, document: value };
  return { url, headers, document: putVersion(route.version, remote.version, parts) };
}

/** Where a body breaks the schema, in words. */
async function faultsOf({ run, remote }: Matter, content: Content): Promise<string | undefined> {
  if (remote.kind !== 'json') return undefined;
  const broken = await brokenAt(run.route.schema, valueOf(remote.kind, content, run.route));
  return broken && `At ${broken.join(', ')}.`;
}

function patched(value: unknown): Patched {
  return { kind: 'patched', value };
}

function reasonFor(problem: Exclude<Patched, { kind: 'patched' }>): Reason {
  return problem.kind === 'base-unknown'
    ? { code: problem.kind }
    : { code: problem.kind, reason: `At ${problem.at}.` };
}

function fail({ journal }: Run, what: string): never {
  const code = 'merge-failed';
  throw new RecoveryError(code, stopMessage(journal, undefined, { code, reason: `The merge ${what}` }));
}
