import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root } from './built.ts';

/** The public names, each on purpose. A new one is a promise to keep: it is written down here first. */
const values = [
  'RecoveryError',
  'defineRoute',
  'etag',
  'field',
  'giveUp',
  'header',
  'isRecoveryError',
  'keepLocal',
  'keepRemote',
  'lastModified',
  'none',
  'query',
  'recoveryOf',
  'withConflictRecovery',
];
const types = [
  'Attempt',
  'Carrier',
  'Clock',
  'Decision',
  'Ending',
  'FieldCarrier',
  'HeaderCarrier',
  'Likely',
  'Merge',
  'MergeContext',
  'QueryCarrier',
  'ReadableCarrier',
  'RecoveringFetch',
  'RecoveringInit',
  'Recovery',
  'RecoveryEvent',
  'RecoveryListener',
  'RecoveryOptions',
  'Resolution',
  'RouteDefinition',
  'RouteOptions',
  'RoutePath',
  'Schema',
  'Sides',
  'Stop',
  'StopCode',
  'Strategy',
  'Verdict',
  'VersionOption',
  'WeakTags',
];

const declarations = join(root, 'dist/index.d.ts');
const program = ts.createProgram([declarations], {
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  // What a user sees who checks libraries, too, and has no types of Node.
  types: [],
  skipLibCheck: false,
  strict: true,
});
const checker = program.getTypeChecker();
const file = program.getSourceFile(declarations);
const exported = (): readonly ts.Symbol[] => {
  const symbol = file && checker.getSymbolAtLocation(file);
  return symbol ? checker.getExportsOfModule(symbol) : [];
};

// A compiler has much to read, and takes its time on a busy machine.
describe('the public names', { timeout: 60_000 }, () => {
  it('are, as values, exactly these', async () => {
    const entry = (await import(join(root, 'dist/index.js'))) as object;
    expect(Object.keys(entry).sort()).toEqual(values);
  });

  it('are, as types, exactly these and the values', () => {
    expect(
      exported()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...values, ...types].sort());
  });

  it('compile by themselves, for a page as well', () => {
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)).toEqual([]);
  });

  it('have no any in them, where there is unknown', () => {
    const found = new Map<ts.SyntaxKind, number>();
    const visit = (node: ts.Node): void => {
      found.set(node.kind, (found.get(node.kind) ?? 0) + 1);
      ts.forEachChild(node, visit);
    };
    if (file) visit(file);
    expect(found.get(ts.SyntaxKind.UnknownKeyword)).toBeGreaterThan(0);
    expect(found.get(ts.SyntaxKind.AnyKeyword)).toBeUndefined();
  });
});
