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

Every public name, and the types that only their members have, with the comments from the source. All members are \`readonly\`, which is not repeated here. A \`?\` marks an optional member. Times are in milliseconds, sizes in bytes.

What the pieces are for, with examples: [Getting started](getting-started.md). What happens inside: [How recovery works](how-recovery-works.md).`;

const words = (text: string): readonly string[] => text.match(/\w+/g) ?? [];

export const chapters: readonly Chapter[] = [
  {
    title: 'A client',
    intro: `\`createClient\` makes a [ky](https://github.com/sindresorhus/ky) instance whose writes recover. It takes ky's options, \`routes\`, and \`defaults\` for all routes.`,
    names: words(
      'createClient ClientOptions ClientWide BudgetOptions HeaderFactory Client Verb PutVerb ResourceOptions CallOptions',
    ),
  },
  {
    title: 'Routes',
    intro: `A route says which writes recover, and how. An option that a route leaves out is taken from \`defaults\`, then from the default. A \`schema\` also gives the values their type. The reasons for the defaults of time and size: [Bounds](how-recovery-works.md#bounds).`,
    names: words(`RouteOptions OnConflict OnGone OnExists OnChanged RetryOptions Overrides Schema defineRoute
      RouteDefinition RoutePath`),
  },
  {
    title: 'Merges',
    intro: `A merge makes one state of base, local and remote. With examples: [Merging](merging.md). Where a person decides: [Asking a person](asking-a-person.md).`,
    names:
      words(`Merge threeWay Rules MergeOptions defineMerge MergeTraits Sides MergeContext EditedContext Decision
      giveUp Resolution Undecided keepLocal keepRemote Strategy Conflict ConflictReason absent unknownBase Bounds`),
  },
  {
    title: 'Versions',
    intro: `The places where the version of a resource is read and written. Which of them a server needs: [Servers without a version](servers-without-a-version.md).`,
    names: words(`VersionOption etag field header query lastModified none WeakTags
      ReadableCarrier Carrier HeaderCarrier FieldCarrier QueryCarrier`),
  },
  {
    title: 'Resources',
    intro: `\`api.resource(path, parameters)\` gives a handle on one resource. What its methods reject with: [Errors](errors.md).`,
    names: words(`Resource Snapshot Recipe UpdateOptions BasedOptions WriteOptions Change
      Frozen PathParameters`),
  },
  {
    title: 'How a write ended',
    intro: `What a write tells, of a success and of a failure. Every \`StopCode\`, and what to do about it: [Errors](errors.md).`,
    names: words('WriteResult Outcome recoveryOf Recovery Attempt Stop StopCode Likely'),
  },
  {
    title: 'Servers',
    intro: `The facts about a server are one value, \`server\`: a preset of \`remerge/presets\`, or a literal. A section for each preset: [Servers](servers.md).`,
    names:
      words(`Server Creation Format Verdict azureBlob azureTable commercetools consul contentful cosmos couchdb elasticsearch
      fhir github googleStorage kubernetes mediawiki nodeRed odata placement s3 solid stripe vault webdav`),
  },
  {
    title: 'Operations',
    intro: `\`poll\` is in \`remerge/poll\`: it follows writes that a server takes on and makes later. With examples: [Long-running operations](operations.md).`,
    names: words(
      'poll azureLro googleLro PollOptions Polling Acceptance Operation OperationState OperationEnd',
    ),
  },
  {
    title: 'Tests of your own',
    intro: `\`createOrigin\`, \`handlers\`, \`listen\` and \`createClock\` are in \`remerge/testing\`: a server with versions and faults, the ways to it, and a clock that a test drives. With examples: [Testing](testing.md).`,
    names: words(
      'createOrigin OriginOptions Origin handlers HttpOfMsw listen Listening Step Fault SeededFaults createClock TestClock TestClockOptions',
    ),
  },
  {
    title: 'Errors',
    intro: `Who throws what, and when: [Errors](errors.md). How to go on from a question: [Asking a person](asking-a-person.md).`,
    names: words('isRecoveryError RecoveryError Action Question'),
  },
  {
    title: 'Ids of writes',
    intro: `The places where remerge stores an id of each write, as a proof after a lost answer: [A proof instead of a guess](when-things-go-wrong.md#a-proof-instead-of-a-guess).`,
    names: words('WriteIdOption WriteIdPlace writeLog WriteLog idempotencyKey IdempotencyKey'),
  },
  {
    title: 'A wrapped fetch',
    intro: `\`withConflictRecovery\` wraps the \`fetch\` of a client that you have already, or of none.`,
    names: words('withConflictRecovery RecoveryOptions RecoveringFetch RecoveringInit'),
  },
  {
    title: 'Rules for fields',
    intro: `What may stand in the table of \`threeWay\`. [Which rule for which field](merging.md#which-rule-for-which-field).`,
    names: words(`FieldRule Rule RuleKind MergeFunction ResolveOption Resolve set list ListOptions sequence
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
    title: 'Events',
    intro: `What \`onEvent\` is called with.`,
    names: words('RecoveryListener RecoveryEvent Clock'),
  },
  {
    title: 'Recovery that is loaded late',
    intro: `\`remerge/lazy\` has every name of \`remerge\`. Its \`createClient\` and \`withConflictRecovery\` have one option more. They load \`remerge/recovery\`, whose \`recover\` nobody else calls. When to use it: [Bundle size](bundle-size.md#load-recovery-late).`,
    names: words('LazyRecovery RecoveryLoader RecoveryPart recover'),
  },
  {
    title: 'A question to a server',
    intro: `\`probe\` is in \`remerge/probe\`. With an example: [Find out what your server does](servers.md#find-out-what-your-server-does).`,
    names: words('probe ProbeOptions Finding ShownVersion Precondition'),
  },
  {
    title: 'Merging by itself',
    intro: `\`remerge/merge\` has the merges alone, with no I/O: for a server, a worker or a form. Besides the names above it has these.`,
    names: words(`merge Merged describeConflicts DescribeOptions diff applyMergePatch equal isResolution
      parsePointer formatPointer valueAt withValueAt Path`),
  },
];
