import ts from 'typescript';

/** What one file says of others: types count like values, and so do `import('…')` and `typeof import('…')`. */
export interface Links {
  /** Every module that the file names, as it names it. */
  readonly imports: readonly string[];
  /** What it hands on from another file: by `export … from`, or by exporting a name that it imported. */
  readonly reexports: readonly string[];
  /** Whether there is anything in the file besides re-exports. */
  readonly ownCode: boolean;
  /** What `/// <reference … />` takes in, which no import shows. */
  readonly references: readonly string[];
}

/** Reads the links of a TypeScript file. */
export function linksOf(path: string, source: string): Links {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const imports: string[] = [];
  const visit = (node: ts.Node): void => {
    const named = moduleOf(node);
    if (named && ts.isStringLiteralLike(named)) imports.push(named.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return {
    imports,
    reexports: reexportsOf(file),
    ownCode: file.statements.some((statement) => !isReexport(statement)),
    references: [file.libReferenceDirectives, file.typeReferenceDirectives, file.referencedFiles]
      .flat()
      .map(({ fileName }) => fileName),
  };
}

/** The node that names a module, in each of the ways that there are to name one. */
function moduleOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return node.arguments[0];
  return undefined;
}

function isReexport(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
}

function reexportsOf(file: ts.SourceFile): readonly string[] {
  const imported = new Set(
    file.statements.flatMap((statement) =>
      ts.isImportDeclaration(statement) ? namesIn(statement.importClause) : [],
    ),
  );
  return file.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return [];
    if (statement.moduleSpecifier) return [statement.moduleSpecifier.getText(file).slice(1, -1)];
    const { exportClause } = statement;
    if (!exportClause || !ts.isNamedExports(exportClause)) return [];
    return exportClause.elements
      .map(({ name, propertyName }) => (propertyName ?? name).text)
      .filter((name) => imported.has(name));
  });
}

function namesIn(clause: ts.ImportClause | undefined): readonly string[] {
  const bindings = clause?.namedBindings;
  const named = !bindings
    ? []
    : ts.isNamedImports(bindings)
      ? bindings.elements.map(({ name }) => name.text)
      : [bindings.name.text];
  return clause?.name ? [clause.name.text, ...named] : named;
}
