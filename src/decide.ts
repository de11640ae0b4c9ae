import { equal } from './core/equal.ts';
import { putVersion } from './core/precondition.ts';
import { isResolution, settle, type Sides } from './core/resolution.ts';
import { RecoveryError } from './errors.ts';
import type { Reason } from './report.ts';
import type { Conflict } from './reread.ts';
import type { Asked, Run } from './run.ts';
import type { KeptBody } from './shell/body.ts';
import { contentOf, valueOf, type Representation } from './shell/representation.ts';
import { brokenAt } from './shell/schema.ts';
import { renewHeaders, type Rewrite } from './shell/transport.ts';

/** What a merge came to: a write to send, nothing to write, or a reason to stop. */
export type Decided =
  { readonly kind: 'write'; readonly rewrite: Rewrite } | { readonly kind: 'keep-remote' } | Reason;

/** Has the caller's change merged onto the latest representation, and makes the write of it. */
export async function decide(
  { write, route, world, deadline, journal }: Run,
  body: KeptBody,
  asked: Asked,
  { reason }: Conflict,
  remote: Representation,
  attempt: number,
): Promise<Decided> {
  const { kind } = remote;
  const theirs = (): unknown => valueOf(kind, remote.content, route);
  const broken = kind === 'json' && (await brokenAt(route.schema, theirs()));
  if (broken) return { code: 'remote-invalid', reason: `At ${broken.join(', ')}.` };

  try {
    asked.local(kind);
  } catch {
    return { code: 'content-type' };
  }
  const sides = (): Sides => ({ base: asked.base(kind), local: asked.local(kind), remote: theirs() });
  const merging = async (): Promise<unknown> =>
    settle(await route.merge({ ...sides(), attempt, reason, signal: deadline.signal }), sides());
  const decision = await deadline.race(merging());

  if (isResolution(decision)) {
    journal.tell(attempt, { kind: 'merge', decision: decision.kind });
    return decision.kind === 'give-up'
      ? { code: 'gave-up', reason: decision.reason, conflicts: decision.conflicts }
      : { kind: 'keep-remote' };
  }
  if (decision === undefined) return fail('returned undefined (did it forget a return?)');
  const url = new URL(write.url);
  const headers = new Headers(write.headers);
  if (body.type && !headers.has('content-type')) headers.set('content-type', body.type);
  const parts = { headers, query: url.searchParams, document: decision };
  const content = contentOf(kind, putVersion(route.version, remote.version, parts), route);
  if (content === undefined) return fail(`returned no ${kind === 'bytes' ? 'Uint8Array' : kind} value`);
  // What the server gets is what JSON says of a value, so that is what is compared and validated.
  const written = valueOf(kind, content, route);
  if (equal(written, theirs())) {
    journal.tell(attempt, { kind: 'merge', decision: 'keep-remote' });
    return { kind: 'keep-remote' };
  }
  const invalid = kind === 'json' && (await brokenAt(route.schema, written));
  if (invalid) return { code: 'merged-invalid', reason: `At ${invalid.join(', ')}.` };
  journal.tell(attempt, { kind: 'merge', decision: 'write' });
  // A value that is still the caller's goes out in the caller's own bytes.
  if (equal(written, asked.local(kind)))
    return { kind: 'write', rewrite: { url, headers, content: body.content } };
  renewHeaders(headers, () => world.clock.id());
  return { kind: 'write', rewrite: { url, headers, content } };
}

function fail(what: string): never {
  throw new RecoveryError('merge-failed', `The merge ${what}. Nothing was written.`);
}
