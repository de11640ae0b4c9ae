import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { unexported } from './unexported.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A declaration that other files can import. */
export type Declaration =
  | ts.ClassDeclaration
  | ts.FunctionDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.VariableDeclaration;

/** What a doc comment says: its text, a line for each paragraph or item of a list, and its tags. */
export interface Doc {
  readonly text: string;
  readonly tags: readonly Tag[];
}

/** `@param about text`, or `@throws {about} text`. */
interface Tag {
  readonly name: string;
  readonly about: string;
  readonly text: string;
}

/** A member of an interface, a class or an object's type. */
export interface Member {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: string;
  readonly doc: Doc;
}

/** Reads a file of the project. */
export type Read = (file: string) => string;

const readFile: Read = (file) => readFileSync(root + file, 'utf8');

/** The names that an entry point exports, each with the file that declares it. */
function publicNames(entry: string): ReadonlyMap<string, string> {
  const named = parse(entry, readFile).statements.flatMap((statement): [string, string][] => {
    if (isDeclaration(statement))
      return isExported(statement) ? [[statement.name?.getText() ?? '', entry]] : [];
    if (!ts.isExportDeclaration(statement)) return [];
    const { exportClause, moduleSpecifier } = statement;
    if (!moduleSpecifier) return [];
    const file = (moduleSpecifier as ts.StringLiteral).text.replace('./', 'src/');
    // All names of another list of names.
    if (!exportClause) return [...publicNames(file)];
    if (!ts.isNamedExports(exportClause)) return [];
    return exportClause.elements.map(({ name }) => [name.text, file]);
  });
  return new Map(named);
}

/** Every entry. What two of them call the same is told of the later one. */
const entries = [
  'lazy',
  'recovery',
  'index',
  'merge',
  'merge/json-patch',
  'presets',
  'probe',
  'poll',
  'testing',
];

/** Every public name, with the file that declares it. */
export const everyPublicName: ReadonlyMap<string, string> = new Map(
  entries.flatMap((entry) => [...publicNames(`src/${entry}.ts`)]),
);

/** Every name that the reference explains, with the file that declares it. */
export const everyName: ReadonlyMap<string, string> = new Map([...everyPublicName, ...unexported]);

/**
 * Finds what a file declares under a name.
 *
 * @throws {Error} where there is none.
 */
export function declarationOf(file: string, name: string, read = readFile): Declaration {
  return declarationIn(parse(file, read), name);
}

function declarationIn({ statements, fileName }: ts.SourceFile, name: string): Declaration {
  const declared: readonly ts.Node[] = statements.flatMap((node): ts.Node | ts.Node[] =>
    ts.isVariableStatement(node) ? [...node.declarationList.declarations] : node,
  );
  const found = declared.filter(isDeclaration).find((node) => node.name?.getText() === name);
  if (!found) throw new Error(`${fileName} declares no ${name}.`);
  return found;
}

function isExported(node: Declaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0;
}

function isDeclaration(node: ts.Node): node is Declaration {
  return (
    ts.isClassDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isVariableDeclaration(node)
  );
}

function parse(file: string, read: Read): ts.SourceFile {
  return ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
}

/** The public members of its own, in their order. A constructor is none, and neither is what a symbol names. */
export function membersOf(node: ts.Node): readonly Member[] {
  if (ts.isTypeAliasDeclaration(node)) return membersOf(node.type);
  if (ts.isIntersectionTypeNode(node)) return node.types.flatMap(membersOf);
  if (!ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node) && !ts.isTypeLiteralNode(node))
    return [];
  return [...node.members].flatMap((member): readonly Member[] => {
    const { name } = member;
    if (!name || ts.isPrivateIdentifier(name) || ts.isComputedPropertyName(name)) return [];
    const isOptional = 'questionToken' in member && member.questionToken !== undefined;
    return [{ name: name.getText(), isOptional, type: typeOf(member), doc: docOf(member) }];
  });
}

function typeOf(member: ts.ClassElement | ts.TypeElement): string {
  if (ts.isMethodDeclaration(member) || ts.isMethodSignature(member)) return signatureOf(member, ' => ');
  if (ts.isPropertyDeclaration(member) && member.initializer) return plain(member.initializer);
  const { type } = member as ts.PropertySignature | ts.GetAccessorDeclaration;
  return type ? plain(type) : 'unknown';
}

/** The function that a name stands for; `undefined` for what is none. One may be handed to another that marks it. */
export function functionIn(node: Declaration): ts.SignatureDeclaration | undefined {
  if (ts.isFunctionDeclaration(node)) return node;
  if (!ts.isVariableDeclaration(node) || !node.initializer || !ts.isCallExpression(node.initializer))
    return undefined;
  return node.initializer.arguments.find(ts.isFunctionExpression);
}

/** The parameters of a function and what it returns: `(pointer: string): FieldCarrier`. */
export function signatureOf(node: ts.SignatureDeclaration, arrow = ': '): string {
  const parameters = node.parameters.map(({ name, type, questionToken, initializer, dotDotDotToken }) => {
    // `...answer: Parameters<Resume>` tells nothing to who doesn't know Resume.
    const other = /^Parameters<(\w+)>$/.exec(type?.getText() ?? '')?.[1];
    if (other) return parametersOf(declarationIn(node.getSourceFile(), other));
    const label = ts.isIdentifier(name) ? name.text : 'options';
    const optional = (questionToken ?? initializer) ? '?' : '';
    return `${dotDotDotToken ? '...' : ''}${label}${optional}: ${type ? plain(type) : initializer && ts.isStringLiteral(initializer) ? 'string' : 'unknown'}`;
  });
  return `(${parameters.join(', ')})${arrow}${node.type ? plain(node.type) : 'void'}`;
}

function parametersOf(alias: Declaration): string {
  if (!ts.isTypeAliasDeclaration(alias) || !ts.isFunctionTypeNode(alias.type))
    throw new Error(`${alias.getText()} is no function.`);
  return alias.type.parameters.map(plain).join(', ');
}

/** A type on one line. That everything is `readonly` the page says once; what guides inference is nobody's business. */
export function plain(node: ts.Node): string {
  return node
    .getText()
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .replaceAll(/\breadonly\s+/g, '')
    .replaceAll(/NoInfer<(\w+)>/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[;,] (?=[}\])>])/g, ' ')
    .replaceAll(/(?<=[([<]) | (?=[)\]>])(?<!=)/g, '')
    .replace(/(^|=> )\| /, '$1');
}

/** The doc comment of a node. */
export function docOf(node: ts.Node): Doc {
  // A variable's stands above the whole statement.
  const owner = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const docs = ts.getJSDocCommentsAndTags(owner).filter(ts.isJSDoc);
  return {
    text: docs.map(({ comment }) => unwrap(comment)).join('\n\n'),
    tags: docs.flatMap(({ tags = [] }) =>
      [...tags].map((tag) => ({ name: tag.tagName.text, about: subjectOf(tag), text: unwrap(tag.comment) })),
    ),
  };
}

function subjectOf(tag: ts.JSDocTag): string {
  if (ts.isJSDocParameterTag(tag)) return tag.name.getText();
  return ts.isJSDocThrowsTag(tag) ? (tag.typeExpression?.type.getText() ?? '') : '';
}

function unwrap(comment: ts.JSDoc['comment']): string {
  const text = ts.getTextOfJSDocComment(comment) ?? '';
  return text.replaceAll(/(?<!\n)\n(?!\n| *- ) */g, ' ').trim();
}

const saysDefault = /(^| )Default: (.+?)\.(?=\s|$)/;

/** What a doc comment says of the default. */
export function defaultIn({ text }: Doc): string | undefined {
  return saysDefault.exec(text)?.[2];
}

/** What it says besides. */
export function meaningIn({ text }: Doc): string {
  return text.replace(saysDefault, '').trim();
}
