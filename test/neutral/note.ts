import type { RecoveringInit, RecoveryOptions } from 'remerge';

/** What the neutral tests write. */
export interface Note {
  title: string;
  body?: string;
  tags?: string[];
  tasks?: { id: string; done?: boolean; text?: string }[];
  steps?: string[];
  visits?: number;
}

/** Waits that are none: what is to be seen is the order of things, not their time. */
export const atOnce = { defaults: { retry: { jitter: () => 0 } } } satisfies RecoveryOptions<
  Record<string, unknown>
>;

/** A PUT of a whole state under a version. */
export function put(value: unknown, version = '"v1"', more: RecoveringInit = {}): RecoveringInit {
  return {
    method: 'PUT',
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json', 'if-match': version },
    ...more,
  };
}
