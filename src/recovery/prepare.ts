import { foreignPrecondition } from '../core/precondition.ts';
import type { Call } from './call.ts';
import { openIntent, type Intent } from './intent.ts';
import type { Prepared } from './records.ts';
import { original } from './write-id.ts';

/** A write prepared before its first send. */
export interface Preparation {
  readonly intent: Intent;
  /** The caller's own, with its write id. */
  readonly prepared: Prepared | undefined;
  /** Whether it is not to be sent before the resource is read. */
  readonly isBlind: boolean;
}

/** Prepares a write that says what it was made of, or that gets an id. */
export async function prepare({ write, route, shared, id }: Call): Promise<Preparation> {
  const intent = await openIntent(write, route, shared.bases);
  const isBlind = namesNoVersion(intent, route.version);
  return { intent, isBlind, prepared: isBlind || !route.writeId ? undefined : original(intent, route, id) };
}

/**
 * Whether a write says what it was made of, but not in which version. It begins with a read: who names a base wants it
 * protected, and a server that demands no version would overwrite whatever is there.
 */
function namesNoVersion({ write, version, creates }: Intent, rule: Call['route']['version']): boolean {
  const names = rule.write.length > 0 && foreignPrecondition(rule, write.headers) === undefined;
  const isNamed = version !== undefined && !write.isUnseen;
  return write.base !== undefined && names && !isNamed && !creates;
}
