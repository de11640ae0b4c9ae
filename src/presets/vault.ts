import { absent, valueAt } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import { field, type FieldCarrier } from '../core/version.ts';
import type { Server } from '../server.ts';

/**
 * HashiCorp Vault and OpenBao, secrets engine KV version 2, at `/v1/:mount/data/*`. The version is
 * `data.metadata.version`, written to `options.cas`; one POST makes and changes, and `cas: 0` requires that there is no
 * secret. The state is `{ data }`.
 *
 * A wrong `cas` is a 400 whose text says so; any other 400 stands. A DELETE takes no `cas`, so `delete` of a handle
 * is refused (`no-version`): it would delete whatever is there.
 *
 * Sources: https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#create-update-secret,
 * https://developer.hashicorp.com/vault/docs/secrets/kv/kv-v2/cookbook/patch-data (the message)
 */
export function vault(): Server {
  return {
    name: 'vault',
    version: { read: field('/data/metadata/version'), write: cas },
    methods: ['POST'],
    replace: 'POST',
    create: { method: 'POST', version: 0 },
    conflictStatuses: [400],
    classify: (_, body) => (JSON.stringify(body).includes('check-and-set') ? undefined : 'final'),
    unwrap: (body) => ({ data: valueAt(body, ['data', 'data']) }),
  };
}

const cas: FieldCarrier = {
  in: 'document',
  at: '/options/cas',
  get: (document) => valueAt(document, ['options', 'cas']),
  put(document, part) {
    const { options, ...rest } = Object(document) as Record<string, unknown>;
    return part === absent
      ? rest
      : { options: { ...(isRecord(options) && options), cas: Number(part) }, ...rest };
  },
};
