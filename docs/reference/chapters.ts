/** A part of the page: public names that belong together, in the order to be read. */
export interface Chapter {
  readonly title: string;
  readonly intro: string;
  readonly names: readonly string[];
}

/** Where the names are explained that come from elsewhere. */
export const outsiders: Readonly<Record<string, string>> = {
  Options: 'https://github.com/sindresorhus/ky#options',
  KyInstance: 'https://github.com/sindresorhus/ky#kycreatedefaultoptions',
  RequestInit: 'https://developer.mozilla.org/en-US/docs/Web/API/RequestInit',
  Error: 'https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/Error',
};

export const opening = `<!-- Made from the comments in src by npm run reference. Change those, and run it. -->

# Reference

Every public name, in the words of its own comment in the source. All members are \`readonly\`, which is not repeated here. A \`?\` marks what may be left out. Times are in milliseconds, sizes in bytes.

What the pieces are for, with examples: [Getting started](getting-started.md). What happens inside: [How recovery works](how-recovery-works.md).`;

const words = (text: string): readonly string[] => text.match(/\w+/g) ?? [];

export const chapters: readonly Chapter[] = [
  {
    title: 'A client',
    intro: `\`createClient\` makes a [ky](https://github.com/sindresorhus/ky) instance whose writes recover. Its options are ky's, and those of every route, and the routes.`,
    names: words('createClient ClientOptions ClientWide BudgetOptions HeaderFactory Client Verb CallOptions'),
  },
  {
    title: 'Routes',
    intro: `A route says which writes recover, and how. What isn't said for a route is taken from the client or the wrapped fetch, then from the default. A \`schema\` also gives the values their type: the one that it takes in. The reasons for the defaults of time and size: [Bounds](how-recovery-works.md#bounds).`,
    names: words(`RouteOptions Overrides defineRoute RouteDefinition RoutePath Schema
      StaleDelete StaleWrite Existing Verdict`),
  },
  {
    title: 'Resources',
    intro: `\`api.resource(path, parameters)\` gives a handle on one resource. What its methods reject with: [Errors](errors.md).`,
    names: words(`Resource Snapshot Recipe Change WriteOptions BasedOptions UpdateOptions WriteResult
      Frozen PathParameters`),
  },
  {
    title: 'A wrapped fetch',
    intro: `\`withConflictRecovery\` is for a client of your own, or for none.`,
    names: words('withConflictRecovery RecoveryOptions RecoveringFetch RecoveringInit'),
  },
  {
    title: 'Recovery that is loaded late',
    intro: `\`remerge/lazy\` has every name of \`remerge\`; its \`createClient\` and \`withConflictRecovery\` have one option more. What it loads is \`remerge/recovery\`, whose \`recover\` is for nobody else. When to take it: [Bundle size](bundle-size.md#load-recovery-late).`,
    names: words('LazyRecovery RecoveryLoader RecoveryPart recover'),
  },
  {
    title: 'Versions',
    intro: `Where the version of a resource is read and written. Which of them a server needs: [Servers without a version](servers-without-a-version.md).`,
    names: words(`etag lastModified field header query none writeLog WriteLog VersionOption WeakTags
      ReadableCarrier Carrier HeaderCarrier FieldCarrier QueryCarrier`),
  },
  {
    title: 'Merges',
    intro: `How base, local and remote become one. With examples: [Merging](merging.md). Where a person decides: [Asking a person](asking-a-person.md).`,
    names: words(`Merge Sides MergeContext ConflictContext Decision Resolution Undecided giveUp defer
      keepLocal keepRemote threeWay Rules MergeOptions Bounds Strategy Conflict ConflictReason absent unknownBase`),
  },
  {
    title: 'Rules for fields',
    intro: `What may stand in the table of \`threeWay\`. [Which rule for which field](merging.md#which-rule-for-which-field).`,
    names:
      words(`FieldRule Rule RuleKind MergeFunction ConflictOption OnConflict set list ListOptions sequence
      SequenceOptions text TextOptions counter max min atomic Pointer ValueAt`),
  },
  {
    title: 'Patches',
    intro: `How the body of a PATCH is understood. \`jsonPatch\` and \`applyJsonPatch\` are in \`remerge/json-patch\`.`,
    names: words(
      'mergePatch MergePatchOptions jsonPatch JsonPatchOptions applyJsonPatch PatchFormat PatchStates Patched',
    ),
  },
  {
    title: 'Presets',
    intro: `\`remerge/presets\` has what servers of a kind have in common. A page for each: [Servers](servers.md).`,
    names:
      words(`Preset ServerFields azureBlob azureTable azureTableFields commercetools commercetoolsFields contentful
      contentfulFields cosmos cosmosFields couchdb couchdbFields elasticsearch fhir fhirFields github googleStorage
      kubernetes kubernetesFields mediawiki nodeRed odata odataFields placement s3 solid stripe webdav`),
  },
  {
    title: 'A question to a server',
    intro: `\`probe\` is in \`remerge/probe\`. With an example: [Find out what your server does](servers.md#find-out-what-your-server-does).`,
    names: words('probe ProbeOptions Finding ShownVersion Precondition'),
  },
  {
    title: 'How a write came out',
    intro: `What a write tells, of a success and of a failure. Every \`StopCode\`, and what to do about it: [Errors](errors.md).`,
    names: words('recoveryOf Recovery Ending Attempt Stop StopCode Likely Question'),
  },
  {
    title: 'Errors',
    intro: `Who throws what, and when: [Errors](errors.md).`,
    names: words('RecoveryError isRecoveryError'),
  },
  {
    title: 'Events',
    intro: `What \`onEvent\` is called with.`,
    names: words('RecoveryListener RecoveryEvent Clock'),
  },
  {
    title: 'Merging by itself',
    intro: `\`remerge/merge\` has what merges, with no I/O: for a server, a worker or a form. Beside what stands above it has these.`,
    names: words(`merge Merged describeConflicts DescribeOptions diff applyMergePatch equal isResolution
      parsePointer formatPointer valueAt withValueAt Path`),
  },
];
