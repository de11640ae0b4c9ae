import { isRecord } from '../../core/record.ts';
import type { Made, Refusal, Shape } from '../shape.ts';
import { empty, json, memberAt, nameIn, xml } from './answers.ts';

/** An answer to a write without a body, but for its version, by what the write did. */
function bare(
  created: number,
  updated: number,
  deleted: number,
  isTold: boolean,
): NonNullable<Shape['made']> {
  return ({ kind, headers }: Made) =>
    empty({ created, updated, deleted }[kind], isTold && kind !== 'deleted' ? headers : {});
}

const isGone = (reason: Refusal): boolean => reason === 'missing' || reason === 'gone';

/** OData v4. Source: https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html */
export const odata: Shape = {
  show: (value, { version: [tag] }) => ({
    '@odata.context': '$metadata#Notes/$entity',
    '@odata.etag': tag,
    ...(isRecord(value) ? value : undefined),
  }),
  made({ kind, document, headers }) {
    if (kind === 'deleted') return empty(204);
    return json(kind === 'created' ? 201 : 200, document, headers);
  },
  refused(reason) {
    const status = { missing: 404, gone: 412, exists: 412, stale: 412, required: 428, disagree: 400 }[reason];
    return json(status, { error: { code: String(status), message: 'The write was refused.' } });
  },
};

/** FHIR R4. Source: https://hl7.org/fhir/http.html#concurrency */
export const fhir: Shape = {
  version: (count) => [`W/"${count}"`],
  show(value, { path, version: [tag] }) {
    const meta = { versionId: String(tag).slice(3, -1), lastUpdated: '2026-01-01T00:00:00Z' };
    return { id: nameIn(path), ...(isRecord(value) ? value : undefined), meta };
  },
  requires: false,
  made({ kind, document, headers }) {
    if (kind === 'deleted') return empty(204);
    return json(kind === 'created' ? 201 : 200, document, headers);
  },
  refused(reason) {
    const [status, code] = reason === 'missing' ? [404, 'not-found'] : [412, 'conflict'];
    return json(status, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] });
  },
};

/** Azure Blob Storage. Source: https://learn.microsoft.com/en-us/rest/api/storageservices/blob-service-error-codes */
export const azureBlob: Shape = {
  version: (count) => [`"0x8D${count}"`],
  requires: false,
  made: bare(201, 201, 202, true),
  refused(reason) {
    if (reason === 'missing') return xml(404, 'BlobNotFound', { 'x-ms-error-code': 'BlobNotFound' });
    const [status, code] =
      reason === 'exists' ? ([409, 'BlobAlreadyExists'] as const) : ([412, 'ConditionNotMet'] as const);
    return xml(status, code, { 'x-ms-error-code': code });
  },
};

/** Azure Table Storage. Source: https://learn.microsoft.com/en-us/rest/api/storageservices/table-service-error-codes */
export const azureTable: Shape = {
  version: (count) => [`W/"datetime'2026-01-01T00%3A00%3A00.${String(count).padStart(7, '0')}Z'"`],
  requires: false,
  child(collection, body) {
    const [partition, row] = [memberAt(body, 'PartitionKey'), memberAt(body, 'RowKey')];
    return `${collection}(PartitionKey='${String(partition)}',RowKey='${String(row)}')`;
  },
  made: ({ kind, document, headers }) =>
    kind === 'created' ? json(201, document, headers) : empty(204, kind === 'updated' ? headers : {}),
  refused(reason) {
    const [status, code] = isGone(reason)
      ? ([404, 'ResourceNotFound'] as const)
      : reason === 'exists'
        ? ([409, 'EntityAlreadyExists'] as const)
        : ([412, 'UpdateConditionNotSatisfied'] as const);
    return json(status, { 'odata.error': { code } });
  },
};

/** Amazon S3. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export const s3: Shape = {
  requires: false,
  made: bare(200, 200, 204, true),
  refused: (reason) => (isGone(reason) ? xml(404, 'NoSuchKey') : xml(412, 'PreconditionFailed')),
};

/** WebDAV. Source: https://www.rfc-editor.org/rfc/rfc4918#section-9.7 */
export const webdav: Shape = {
  requires: false,
  made: bare(201, 204, 204, false),
  refused: (reason) =>
    new Response('<h1>No</h1>', {
      status: reason === 'missing' ? 404 : 412,
      headers: { 'content-type': 'text/html' },
    }),
};

/** Solid, as the Community Solid Server has it. Source: https://solidproject.org/TR/protocol#writing-resources */
export const solid: Shape = {
  version: (count) => [`"${1_767_225_600_000 + count}-application/json"`],
  requires: false,
  resurrects: true,
  made: bare(201, 205, 205, false),
  refused: (reason) =>
    reason === 'missing'
      ? json(404, { name: 'NotFoundHttpError' })
      : json(412, { name: 'PreconditionFailedHttpError' }),
};

/** Google Cloud Storage. Source: https://cloud.google.com/storage/docs/request-preconditions */
export const googleStorage: Shape = {
  requires: false,
  zero: '0',
  refused(reason) {
    if (reason === 'missing') return xml(404, 'NoSuchKey');
    return xml(412, 'PreconditionFailed');
  },
  made: bare(200, 200, 204, true),
};
