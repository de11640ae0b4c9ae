import type { MediaKind } from '../core/media.ts';
import type { Reason } from '../report.ts';
import type { Route } from '../route.ts';
import { valueOf, type Content, type Representation } from '../shell/representation.ts';
import { brokenAt } from '../shell/schema.ts';
import { unpatched, type Intent } from './intent.ts';
import type { Target } from './records.ts';
import { sameState } from './write-id.ts';

/** Whether a write says what the resource is to be, so that it can be created anew. */
function saysState({ method }: Target): boolean {
  return method === 'PUT' || method === 'PATCH';
}

/** Whether a write leaves a state where it went: a DELETE leaves none, and a POST may leave it elsewhere. */
export function leavesState(target: Target, { replace }: Route): boolean {
  return saysState(target) || target.method === replace;
}

/** The state that the caller started from. What was to be new has none, whatever is remembered. */
export function baseState({ creates, base }: Intent, kind: MediaKind): unknown {
  return creates ? undefined : base(kind);
}

/**
 * The state that the caller asked for: its body, or what its patch makes of the base; of the remote, where that is
 * unknown. Shares nothing with another copy of either.
 */
export function localState(
  intent: Intent,
  kind: MediaKind,
  remote: unknown,
): { readonly value: unknown } | Reason {
  const { write, format } = intent;
  if (write.method === 'PATCH' && !format) return { code: 'unknown-patch' };
  if (intent.isTooDeep) return { code: 'too-deep' };
  try {
    const said = intent.said(kind);
    if (!format) return { value: said };
    const base = baseState(intent, kind);
    if (base === undefined && remote === undefined) return { code: 'base-unknown' };
    const local = format.apply(said, base, remote);
    return local.kind === 'patched' ? { value: local.value } : unpatched(local);
  } catch (error) {
    // The parser's error quotes the body, and no report may. A patch may go deeper than its maker.
    return { code: error instanceof RangeError ? 'too-deep' : 'content-type' };
  }
}

/** The state that the server has, as a value; each call makes a copy. */
export function remoteState({ kind, content }: Representation, route: Route): unknown {
  return valueOf(kind, content, route);
}

/** Whether two representations hold the same, whatever their versions are. */
export function holdSame(one: Representation, other: Representation, route: Route): boolean {
  return one.kind === other.kind && sameState(route, remoteState(one, route), remoteState(other, route));
}

/** The places at which a body breaks the schema, in words; `undefined` where it doesn't. */
export async function faultsOf(kind: MediaKind, content: Content, route: Route): Promise<string | undefined> {
  return kind === 'json' ? brokenAt(route.schema, valueOf(kind, content, route)) : undefined;
}
