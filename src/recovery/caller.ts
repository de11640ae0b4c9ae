import type { HeaderFields } from '../shell/kept-headers.ts';

/**
 * The names of headers that say who is asking, in lower case. Not so the browser's, nor those that only writes have: by
 * these the reads and the writes of one user would be told apart.
 */
const credential =
  /^(?!.*(user-agent|csrf|xsrf|forgery|verification|idempotency)).*(auth|cookie|key|token|secret|user|account|tenant|session)/;

/** The credential headers of a request, as one text. Two requests with equal credentials are of one user. */
export function credentialsIn(headers: HeaderFields): string {
  const said: string[] = [];
  for (const [name, value] of headers) if (isCredential(name)) said.push(`${name}: ${value}`);
  return said.length > 1 ? said.sort().join('\n') : (said[0] ?? '');
}

/** The same few names come again and again. */
const tested = new Map<string, boolean>();

/** Whether a header says who is asking, by its name in lower case. */
export function isCredential(name: string): boolean {
  let is = tested.get(name);
  if (is === undefined) {
    is = credential.test(name);
    if (tested.size < 100) tested.set(name, is);
  }
  return is;
}

/** How a client finds out who makes a request. */
export interface CallerRules {
  /** The part of the memory that is for the user of a request; `undefined` where the user can't be seen: then nothing is remembered. */
  readonly partitionOf: (headers: HeaderFields) => string | undefined;
  /** The headers of a request as it is sent. Default: as they are. */
  readonly sent?: (headers: HeaderFields) => HeaderFields;
}

/** The user that a request is made for, and its headers as they are sent. */
export interface Caller {
  readonly partition: string | undefined;
  readonly headers: HeaderFields;
}

/** Settled while the request is made: a `scope` may know the user only then. */
export function callerOf({ partitionOf, sent }: CallerRules, headers: HeaderFields): Caller {
  return { partition: partitionOf(headers), headers: sent ? sent(headers) : headers };
}
