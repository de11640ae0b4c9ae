import { field } from '../core/version.ts';
import type { Server } from '../server.ts';
import { textAt, verdictOf } from './refusal.ts';

/**
 * Node-RED's admin API: `/flows`. The version is `rev`, in the body, and a write is a POST. Reads and writes need the
 * header `Node-RED-API-Version: v2`; without the header there is no version. The `ETag` is a decoy.
 *
 * The flows are one resource, which always exists: there is nothing to create, and a write without `rev` overwrites
 * them.
 *
 * Sources: https://nodered.org/docs/api/admin/methods/post/flows/,
 * https://nodered.org/docs/api/admin/methods/get/flows/
 */
export function nodeRed(): Server {
  return {
    name: 'nodeRed',
    version: field('/rev'),
    methods: ['POST'],
    replace: 'POST',
    conflictStatuses: [409],
    classify: (_, body) => verdictOf(textAt(body, '/code'), { open: ['version_mismatch'] }),
  };
}
