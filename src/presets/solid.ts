import { etag } from '../core/version.ts';
import type { Server } from '../server.ts';

/**
 * Solid pods. The version is the `ETag` of the representation that `Accept` asks for, so send the same `Accept` with
 * reads and writes. 412 is a stale version. 409 is a container that isn't empty, or a patch whose conditions don't
 * hold.
 *
 * The Community Solid Server takes a PUT with `If-Match` after a delete, and the document is back. No client can
 * prevent that, but the report shows it: the last of its `attempts` has the status 201, where an update has 205.
 *
 * Source: https://solidproject.org/TR/protocol#writing-resources
 */
export function solid(): Server {
  return { name: 'solid', version: etag(), conflictStatuses: [412] };
}
