import { etag } from '../core/version.ts';
import { serverFields, type ServerFields } from './fields.ts';
import type { Preset } from './preset.ts';
import { textAt } from './refusal.ts';

/**
 * FHIR: resources at `/:type/:id`. The version is the `ETag`, which is weak and is sent back as it is: `W/"3"`. A stale
 * version is 412 since R4 and was 409 in STU3. The preset knows the issues of an `OperationOutcome` that mean something
 * else.
 *
 * Sources: https://hl7.org/fhir/http.html#concurrency, https://hl7.org/fhir/STU3/http.html#concurrency,
 * https://hl7.org/fhir/valueset-issue-type.html
 */
export function fhir(): Preset {
  return {
    version: etag({ weak: 'send' }),
    statusCodes: [409, 412],
    conflict(_, body) {
      const code = textAt(body, '/issue/0/code');
      return code !== undefined && lasting.includes(code) ? 'final' : undefined;
    },
  };
}

/** Issues that come with these statuses, and that no newer version solves. */
const lasting = ['multiple-matches', 'duplicate', 'business-rule', 'deleted', 'not-supported', 'invariant'];

/** Fields that a FHIR server manages: rules for `threeWay`. */
export function fhirFields(): ServerFields<'/meta/versionId' | '/meta/lastUpdated'> {
  return serverFields('/meta/versionId', '/meta/lastUpdated');
}
