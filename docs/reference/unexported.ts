const byFile: Readonly<Record<string, string>> = {
  'src/core/budget.ts': 'BudgetOptions',
  'src/wrap.ts': 'ClientWide',
  'src/core/conflict.ts': 'ConflictReason',
  'src/server.ts': 'Creation',
  'src/merge/describe.ts': 'DescribeOptions',
  'src/merge/rule.ts': 'FieldRule MergeFunction ResolveOption Resolve RuleKind',
  'src/shell/fresh-headers.ts': 'HeaderFactory',
  'src/loader.ts': 'LazyRecovery RecoveryPart',
  'src/core/verdict.ts': 'Likely',
  'src/merge/list.ts': 'ListOptions',
  'src/merge/patch-format.ts': 'MergePatchOptions PatchStates Patched',
  'src/options.ts': 'OnChanged OnExists OnGone Overrides',
  'src/core/pointer.ts': 'Path',
  'src/core/pattern.ts': 'PathParameters',
  'src/merge/paths.ts': 'Pointer ValueAt',
  'src/core/finding.ts': 'Precondition ShownVersion',
  'src/route.ts': 'RoutePath',
  'src/merge/sequence.ts': 'SequenceOptions',
  'src/report.ts': 'Stop Outcome Attempt',
  'src/merge/text.ts': 'TextOptions',
  'src/core/resolution.ts': 'Undecided Decision',
  'src/client/client.ts': 'PutVerb ResourceOptions',
  'src/core/version.ts': 'WeakTags Carrier ReadableCarrier',
  'src/core/write-id-option.ts': 'WriteIdOption',
  'src/core/bounds.ts': 'Bounds',
  'src/merge/merge-patch.ts': 'Change',
  'src/merging.ts': 'EditedContext',
  'src/probe/probe.ts': 'ProbeOptions',
  'src/operation.ts': 'Acceptance OperationState OperationEnd',
  'src/poll/poll.ts': 'Polling',
};

/** Types that only members and arguments have, by their files: told where they are used, and not exported. */
export const unexported: ReadonlyMap<string, string> = new Map(
  Object.entries(byFile).flatMap(([file, names]) =>
    names.split(' ').map((name): [string, string] => [name, file]),
  ),
);
