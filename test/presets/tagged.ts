import { azureBlob, azureTable, fhir, googleStorage } from 'remerge/presets';
import { odata, s3, solid, webdav } from 'remerge/presets';
import { empty, json, xml, type Wire } from './wire.ts';

const strong = (count: number): string => `"0x8D${count}"`;
const weak = (count: number): string => `W/"${count}"`;

/** What servers have in common whose version is an ETag that `If-Match` takes. */
const tagged = {
  path: '/notes/1',
  frame: () => ({}),
  headers: (version: string) => ({ etag: version }),
  named: ({ headers }: Request) => headers.get('if-match'),
} as const;

const page = (status: number) => (): Response =>
  new Response('<h1>No</h1>', { status, headers: { 'content-type': 'text/html' } });

/** Servers whose version stands in a header. */
export const tags: readonly Wire[] = [
  {
    ...tagged,
    family: 'odata',
    documented: 'https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html',
    preset: odata(),
    path: '/odata/v4/notes/Notes(1)',
    version: weak,
    frame: (version) => ({ '@odata.context': '$metadata#Notes/$entity', '@odata.etag': version, ID: 1 }),
    wrote: (document, version) => json(200, document, { etag: version }),
    stale: () => json(412, { error: { code: '412', message: 'Precondition Failed' } }),
    lasting: { 'a name that exists': () => json(409, { error: { code: 'nameAlreadyExists' } }) },
  },
  {
    ...tagged,
    family: 'azureBlob',
    documented: 'https://learn.microsoft.com/en-us/rest/api/storageservices/blob-service-error-codes',
    preset: azureBlob(),
    version: strong,
    wrote: (_, version) => empty(201, { etag: version }),
    stale: () => xml(412, 'ConditionNotMet', { 'x-ms-error-code': 'ConditionNotMet' }),
    lasting: {
      'a blob that is leased': () => xml(412, 'LeaseIdMissing', { 'x-ms-error-code': 'LeaseIdMissing' }),
      'a lease in a page, that sees the body alone': () => xml(412, 'LeaseIdMissing'),
      'a blob with snapshots': () => xml(409, 'SnapshotsPresent', { 'x-ms-error-code': 'SnapshotsPresent' }),
    },
  },
  {
    ...tagged,
    family: 'azureTable',
    documented: 'https://learn.microsoft.com/en-us/rest/api/storageservices/table-service-error-codes',
    preset: azureTable(),
    path: "/notes(PartitionKey='p',RowKey='1')",
    version: (count) => `W/"datetime'2026-01-01T00%3A00%3A0${count}Z'"`,
    frame: (version) => ({ 'odata.etag': version, PartitionKey: 'p', RowKey: '1', Timestamp: version }),
    wrote: (_, version) => empty(204, { etag: version }),
    stale: () => json(412, { 'odata.error': { code: 'UpdateConditionNotSatisfied' } }),
    lasting: {
      'a table that is being deleted': () => json(409, { 'odata.error': { code: 'TableBeingDeleted' } }),
    },
  },
  {
    ...tagged,
    family: 'googleStorage',
    documented: 'https://cloud.google.com/storage/docs/xml-api/reference-headers',
    preset: googleStorage(),
    version: (count) => `176000000000000${count}`,
    // The ETag is there, and a write doesn't look at it.
    headers: (version) => ({ 'x-goog-generation': version, etag: '"5d41402a"' }),
    named: ({ headers }) => headers.get('x-goog-if-generation-match'),
    wrote: (_, version) => empty(200, { 'x-goog-generation': version, etag: '"7d793037"' }),
    stale: () => xml(412, 'PreconditionFailed'),
    lasting: { 'a bucket of another': () => xml(409, 'BucketNameUnavailable') },
  },
  {
    ...tagged,
    family: 'googleStorage, metadata',
    documented: 'https://cloud.google.com/storage/docs/request-preconditions',
    preset: googleStorage({ of: 'metadata' }),
    path: '/storage/v1/b/bucket/o/note',
    // A new upload has another generation, and begins at metageneration 1 again.
    version: (count) => `176000000000000${count}`,
    frame: (version) => ({ kind: 'storage#object', generation: version, metageneration: '1' }),
    headers: () => ({}),
    named({ url }) {
      const { searchParams } = new URL(url);
      return searchParams.get('ifMetagenerationMatch') === '1' && searchParams.get('ifGenerationMatch');
    },
    wrote: (document) => json(200, document),
    stale: () => json(412, { error: { code: 412, errors: [{ reason: 'conditionNotMet' }] } }),
    lasting: { 'a conflict of another kind': () => json(409, { error: { code: 409 } }) },
  },
  {
    ...tagged,
    family: 'googleStorage, bucket',
    documented: 'https://cloud.google.com/storage/docs/request-preconditions',
    preset: googleStorage({ of: 'bucket' }),
    path: '/storage/v1/b/bucket',
    version: String,
    frame: (version) => ({ kind: 'storage#bucket', metageneration: version }),
    headers: () => ({}),
    named: ({ url }) => new URL(url).searchParams.get('ifMetagenerationMatch'),
    wrote: (document) => json(200, document),
    stale: () => json(412, { error: { code: 412, errors: [{ reason: 'conditionNotMet' }] } }),
    lasting: { 'a conflict of another kind': () => json(409, { error: { code: 409 } }) },
  },
  {
    ...tagged,
    family: 's3',
    documented: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html',
    preset: s3(),
    version: strong,
    wrote: (_, version) => empty(200, { etag: version }),
    stale: () => xml(412, 'PreconditionFailed'),
    lasting: { 'a bucket in the wrong state': () => xml(409, 'InvalidBucketState') },
    busy: {
      'another write at that moment': () => xml(409, 'ConditionalRequestConflict'),
      'an operation that was aborted': () => xml(409, 'OperationAborted'),
    },
  },
  {
    ...tagged,
    family: 'webdav',
    documented: 'https://www.rfc-editor.org/rfc/rfc4918#section-9.7',
    preset: webdav(),
    version: strong,
    wrote: () => empty(204),
    stale: page(412),
    lasting: { 'a collection that is missing': page(409), 'a lock': page(423) },
  },
  {
    ...tagged,
    family: 'solid',
    documented: 'https://solidproject.org/TR/protocol#writing-resources',
    preset: solid(),
    version: (count) => `"170000000000${count}-application/json"`,
    wrote: () => empty(205),
    stale: () => json(412, { name: 'PreconditionFailedHttpError' }),
    lasting: { 'a container that is not empty': () => json(409, { name: 'ConflictHttpError' }) },
  },
  {
    ...tagged,
    family: 'fhir',
    documented: 'https://hl7.org/fhir/http.html#concurrency',
    preset: fhir(),
    path: '/Basic/1',
    version: weak,
    frame: (version) => ({
      resourceType: 'Basic',
      meta: { versionId: version.slice(3, -1), lastUpdated: version },
    }),
    wrote: (document, version) => json(200, document, { etag: version }),
    stale: () => outcome(412, 'conflict'),
    lasting: {
      'several matches': () => outcome(412, 'multiple-matches'),
      'a business rule': () => outcome(409, 'business-rule'),
    },
  },
  {
    ...tagged,
    family: 'fhir, STU3',
    documented: 'https://hl7.org/fhir/STU3/http.html#concurrency',
    preset: fhir(),
    version: weak,
    wrote: (document, version) => json(200, document, { etag: version }),
    stale: () => outcome(409, 'conflict'),
    lasting: {},
  },
];

function outcome(status: number, code: string): Response {
  return json(status, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] });
}
