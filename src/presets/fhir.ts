import { etag } from '../core/version.ts';
import type { Server } from '../server.ts';
import { textAt } from './refusal.ts';

/**
 * FHIR: resources at `/:type/:id`. The version is the `ETag`, which is weak and is sent back as it is: `W/"3"`. A stale
 * version is 412 since R4 and was 409 in STU3. The preset knows the issues of an `OperationOutcome` that mean something
 * else.
 *
 * Sources: https://hl7.org/fhir/http.html#concurrency, https://hl7.org/fhir/STU3/http.html#concurrency,
 * https://hl7.org/fhir/valueset-issue-type.html
 */
export function fhir(): Server {
  return {
    version: etag({ weak: 'send' }),
    conflictStatuses: [409, 412],
    classify(_, body) {
      const code = textAt(body, '/issue/0/code');
      return code !== undefined && lasting.includes(code) ? 'final' : undefined;
    },
    readOnly: ['/meta/versionId', '/meta/lastUpdated'],
  };
}

/** Issues that come with these statuses, and that no newer version solves. */
const lasting = ['multiple-matches', 'duplicate', 'business-rule', 'deleted', 'not-supported', 'invariant'];
