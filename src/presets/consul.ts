import { valueAt } from '../core/pointer.ts';
import { field, query } from '../core/version.ts';
import type { Server } from '../server.ts';

/**
 * Consul's KV store, at `/v1/kv/*`, for values that are JSON. The version is `ModifyIndex`, written to `?cas=`; `cas=0`
 * requires that there is no such key. A read shows the value in base64.
 *
 * Each answer to a write is a 200: its body is `true` or, where `cas` is another, `false`. It names no new version, so the
 * next write begins with a read.
 *
 * Source: https://developer.hashicorp.com/consul/api-docs/kv
 */
export function consul(): Server {
  return {
    name: 'consul',
    version: { read: field('/0/ModifyIndex'), write: query('cas') },
    conflictStatuses: [200],
    classify: (_, body) => (body === false ? 'stale' : undefined),
    create: { version: 0 },
    unwrap(body) {
      const bytes = Uint8Array.from(atob(String(valueAt(body, ['0', 'Value']))), (char) =>
        char.charCodeAt(0),
      );
      return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    },
  };
}
