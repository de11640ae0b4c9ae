import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { JsonObject, Store } from './store.ts';

/** A request that was found well-formed. Its body is a JSON object if the method is PUT. */
export interface Call {
  readonly method: Method;
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
}

export type Method = 'GET' | 'PUT' | 'DELETE';

/** What goes back. */
export interface Reply {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: unknown;
  /** For the log: the version that a read gave, or the one that a write was to replace. */
  readonly version?: string | number | undefined;
}

/**
 * One collection's behaviour. It is not `async`: from the body's last byte to the answer nothing else runs in this
 * process, so that the log has the same order as the commits.
 */
export type Collection = (store: Store, call: Call) => Reply;

/** A refusal as RFC 9457 has it: `type` is for programs, `detail` for people, and further members are allowed. */
export function problem(
  status: number,
  type: string,
  detail: string,
  more: Partial<Reply> & { readonly members?: object } = {},
): Reply {
  const { members, headers, ...rest } = more;
  return {
    ...rest,
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: {
      type: `https://example.com/problems/${type}`,
      title: type.replaceAll('-', ' '),
      status,
      detail,
      ...members,
    },
  };
}

export const notFound = (): Reply => problem(404, 'not-found', 'There is nothing at this address.');
