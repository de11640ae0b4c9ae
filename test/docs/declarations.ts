import ts from 'typescript';
import { textOf } from './blocks.ts';

/** The members of an interface, each with its doc comment on one line. */
export function membersOf(file: string, name: string): ReadonlyMap<string, string> {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
  const found = source.statements.find(
    (node): node is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(node) && node.name.text === name,
  );
  if (!found) throw new Error(`${file} has no interface ${name}.`);
  return new Map(found.members.map((member) => [member.name?.getText() ?? '', commentOf(member)]));
}

function commentOf(node: ts.Node): string {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return docs
    .map(({ comment }) => (ts.getTextOfJSDocComment(comment) ?? '').replaceAll(/\s+/g, ' '))
    .join(' ');
}

/** The strings of a union type. */
export function stringsOf(file: string, name: string): readonly string[] {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
  const found = source.statements.find(
    (node): node is ts.TypeAliasDeclaration => ts.isTypeAliasDeclaration(node) && node.name.text === name,
  );
  if (!found || !ts.isUnionTypeNode(found.type)) throw new Error(`${file} has no union ${name}.`);
  return found.type.types.map((type) => {
    if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return type.literal.text;
    throw new Error(`${name} has more than strings.`);
  });
}

/** What a doc comment says of the default. */
export function defaultIn(comment: string): string | undefined {
  return /Default: (.+?)\.(?: |$)/.exec(comment)?.[1];
}
