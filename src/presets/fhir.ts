import { etag } from '../core/version.ts';
import type { Server } from '../server.ts';
import { textAt } from './refusal.ts';

/**
 * FHIR: resources at `/:type/:id`. The version is the `ETag`, which is weak and is sent back as it is: `W/"3"`. A stale
 * version is 412 since R4 and was 409 in STU3. The preset knows the issues of an `OperationOutcome` that mean something
 * else.
 *
 * A server may ignore `If-None-Match: *` and overwrite what exists, as FHIR creates by a POST to `/:type`, and the server
 * chooses the id. So `create` of a handle throws.
 *
 * Sources: https://hl7.org/fhir/http.html#concurrency, https://hl7.org/fhir/http.html#create, https://hl7.org/fhir/STU3/http.html#concurrency,
 * https://hl7.org/fhir/valueset-issue-type.html
 */
export function fhir(): Server {
  return {
    name: 'fhir',
    version: etag({ weak: 'send' }),
    conflictStatuses: [409, 412],
    classify(_, body) {
      const code = textAt(body, '/issue/0/code');
      return code !== undefined && lasting.includes(code) ? 'final' : undefined;
    },
    create: { at: createAt },
    readOnly: ['/meta/versionId', '/meta/lastUpdated'],
  };
}

function createAt(): never {
  throw new TypeError(
    'FHIR creates by a POST to the type, which chooses the id; a PUT may overwrite what is there. Post it.',
  );
}

/** Issues that come with these statuses, and that no newer version solves. */
const lasting = ['multiple-matches', 'duplicate', 'business-rule', 'deleted', 'not-supported', 'invariant'];
