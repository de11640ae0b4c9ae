import { basename, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { entryPoints, root } from './built.ts';
import { startingTime } from '../support/time.ts';

interface Names {
  readonly values: string;
  readonly types: string;
}

/** What `remerge` exports, and `remerge/lazy` as well. */
const main = {
  values: `
  RecoveryError absent atomic counter createClient defineMerge defineRoute etag field giveUp header idempotencyKey isRecoveryError keepLocal
  keepRemote lastModified list max mergePatch min none query recoveryOf sequence set text threeWay unknownBase
  withConflictRecovery writeLog`,
  types: `
  Action  BasedOptions  CallOptions   Client ClientOptions  Clock Conflict
      FieldCarrier Frozen HeaderCarrier  IdempotencyKey 
  Merge MergeContext MergeOptions  MergeTraits  OnConflict Operation    
  PatchFormat    QueryCarrier Question  Recipe RecoveringFetch
  RecoveringInit Recovery RecoveryEvent RecoveryListener RecoveryOptions Resolution Resource RetryOptions
  RouteDefinition RouteOptions  Rules Schema Server Sides Snapshot  StopCode Strategy 
  UpdateOptions Verb Verdict VersionOption WriteIdPlace WriteLog WriteOptions WriteResult`,
};

/** The public names of each entry point, each on purpose. A new one is a promise to keep: it is written here first. */
const entries: readonly (readonly [entry: string, names: Names])[] = [
  ['index', main],
  [
    'merge',
    {
      values: `
      absent applyMergePatch atomic counter describeConflicts diff equal formatPointer giveUp isResolution
      keepLocal keepRemote list max merge min parsePointer sequence set text threeWay unknownBase valueAt
      withValueAt`,
      types: `
       Conflict       MergeOptions
      Merged   Resolution   Rule  Rules  Sides Strategy
       `,
    },
  ],
  ['json-patch', { values: 'applyJsonPatch jsonPatch', types: 'JsonPatchOptions' }],
  [
    'presets',
    {
      values: `
      azureBlob azureTable commercetools consul contentful cosmos couchdb elasticsearch fhir github googleStorage
      kubernetes mediawiki nodeRed odata placement s3 solid stripe vault webdav`,
      types: 'Server',
    },
  ],
  ['probe', { values: 'probe', types: 'Finding   ' }],
  ['poll', { values: 'azureLro googleLro poll', types: 'PollOptions' }],
  ['testing', { values: 'createClock createOrigin handlers listen', types: 'Origin OriginOptions' }],
  ['lazy', { values: main.values, types: `${main.types} RecoveryLoader` }],
  ['recovery', { values: 'recover', types: '' }],
];

const words = (text: string): readonly string[] => text.match(/\w+/g) ?? [];
const built = (name: string): string => join(root, 'dist', name);

const program = ts.createProgram(
  entries.map(([entry]) => built(`${entry}.d.ts`)),
  {
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    // What a user sees who checks libraries, too, and has no types of Node.
    types: [],
    skipLibCheck: false,
    strict: true,
  },
);
const checker = program.getTypeChecker();

function exportsOf(entry: string): readonly string[] {
  const file = program.getSourceFile(built(`${entry}.d.ts`));
  const symbol = file && checker.getSymbolAtLocation(file);
  return symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : [];
}

// A compiler has much to read, and takes its time on a busy machine.
describe('the public names', { timeout: startingTime }, () => {
  it('are those of every entry point', () => {
    expect(entryPoints.map(({ types }) => basename(types, '.d.ts'))).toEqual(entries.map(([entry]) => entry));
  });

  it.each(entries)('of %s are, as values, exactly these', async (entry, { values }) => {
    expect(Object.keys((await import(built(`${entry}.js`))) as object).sort()).toEqual(
      [...words(values)].sort(),
    );
  });

  it.each(entries)('of %s are, as types, exactly these and the values', (entry, { values, types }) => {
    expect([...exportsOf(entry)].sort()).toEqual([...words(values), ...words(types)].sort());
  });

  it('compile by themselves, for a page as well', () => {
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)).toEqual([]);
  });

  it('compile in Node, where no type of a page is known', () => {
    const options = {
      ...program.getCompilerOptions(),
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
    };
    const inNode = ts.createProgram(program.getRootFileNames(), options);
    const ours = inNode.getSourceFiles().filter(({ fileName }) => fileName.startsWith(built('')));
    const faults = ours.flatMap((file) => inNode.getSemanticDiagnostics(file));
    expect(faults.map(({ messageText }) => messageText)).toEqual([]);
  });

  it('have no any in them, where there is unknown', () => {
    const found = new Map<ts.SyntaxKind, number>();
    const visit = (node: ts.Node): void => {
      found.set(node.kind, (found.get(node.kind) ?? 0) + 1);
      ts.forEachChild(node, visit);
    };
    const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(built('')));
    expect(ours.length).toBeGreaterThanOrEqual(entries.length);
    ours.forEach(visit);
    expect(found.get(ts.SyntaxKind.UnknownKeyword)).toBeGreaterThan(0);
    expect(found.get(ts.SyntaxKind.AnyKeyword)).toBeUndefined();
  });
});
