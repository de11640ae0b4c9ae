import ts from 'typescript';
import { outsiders } from './chapters.ts';
import {
  defaultIn,
  docOf,
  everyName,
  functionIn,
  meaningIn,
  membersOf,
  plain,
  signatureOf,
  type Declaration,
  type Doc,
  type Member,
} from './declarations.ts';

/** One name in Markdown: what it is, what it takes, and what it has. */
export function entryOf(name: string, node: Declaration): string {
  const doc = docOf(node);
  const made = functionIn(node);
  const head = made ? [fenced(`${name}${signatureOf(made)}`)] : [];
  return [`### \`${name}\``, ...head, linked(doc.text, name), tagsOf(doc), ...bodyOf(node)]
    .filter((part) => part !== '')
    .join('\n\n');
}

const leads: Readonly<Record<string, string>> = { param: '', returns: 'Returns', throws: 'Throws' };

/** What is said of parameters, results and errors. An example stays in its comment: the page has nothing to run it with. */
function tagsOf({ tags }: Doc): string {
  return tags
    .filter(({ name }) => name in leads)
    .map(({ name, about, text }) => {
      const subject = [leads[name], about && `\`${about}\``].filter(Boolean).join(' ');
      return `- ${subject}: ${text}`;
    })
    .join('\n');
}

function bodyOf(node: Declaration): readonly string[] {
  if (ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node)) return [];
  if (ts.isTypeAliasDeclaration(node)) return shapeOf(node.type);
  const inherited = (node.heritageClauses ?? []).flatMap(({ types }) => [...types]);
  return [...inheriting(inherited), listed(membersOf(node))];
}

/** What a type alias stands for. Objects are taken apart: their members have comments of their own. */
function shapeOf(type: ts.TypeNode): readonly string[] {
  if (ts.isTypeLiteralNode(type)) return [listed(membersOf(type))];
  if (ts.isParenthesizedTypeNode(type)) return shapeOf(type.type);
  if (ts.isTypeReferenceNode(type) && /^(?:Omit|Pick)</.test(type.getText())) return inheriting([type]);
  if (ts.isIntersectionTypeNode(type) && type.types.some(hasMembers)) {
    const rest = type.types.filter(ts.isParenthesizedTypeNode).flatMap(shapeOf);
    return [...inheriting(type.types.filter(ts.isTypeReferenceNode)), listed(membersOf(type)), ...rest];
  }
  if (ts.isUnionTypeNode(type) && type.types.some(hasMembers))
    return ['It is one of:', type.types.map(variantOf).join('\n')];
  return [fenced(plain(type))];
}

function hasMembers(type: ts.TypeNode): boolean {
  return ts.isTypeLiteralNode(type) || (ts.isIntersectionTypeNode(type) && type.types.some(hasMembers));
}

/** One of several: its shape, and what is said of it. */
function variantOf(type: ts.TypeNode): string {
  const inner = ts.isParenthesizedTypeNode(type) ? type.type : type;
  const said = membersOf(inner)
    .map(({ doc }) => linked(doc.text))
    .filter((text) => text !== '');
  return item(`\`${plain(inner)}\``, said.join(' '));
}

/** Where a name has more members from. */
function inheriting(types: readonly ts.Node[]): readonly string[] {
  return types.length > 0 ? [`It extends ${types.map(sourceOf).join('; ')}.`] : [];
}

function sourceOf(type: ts.Node): string {
  const parts = /^(?:(Omit|Pick)<)?(\w+)(?:<\w+>)?(?:,(.*)>)?$/.exec(plain(type)) ?? [];
  const [, how, name = '', keys = ''] = parts;
  const anchor = everyName.has(name) ? `#${name.toLowerCase()}` : outsiders[name];
  const source = anchor === undefined ? `\`${name}\`` : `[\`${name}\`](${anchor})`;
  const names = (keys.match(/'\w+'/g) ?? []).map((key) => `\`${key.slice(1, -1)}\``).join(', ');
  // Who omits the keys of another type has that type's own instead.
  if (how === undefined || keys.includes('keyof')) return source;
  return how === 'Pick' ? `${names} of ${source}` : `${source} without ${names}`;
}

function listed(members: readonly Member[]): string {
  return members
    .map(({ name, isOptional, type, doc }) => {
      const stated = defaultIn(doc);
      const code = `\`${name}${isOptional ? '?' : ''}: ${type}\``;
      const more = tagsOf(doc);
      const text = linked(meaningIn(doc)) + (more === '' ? '' : `\n${more}`);
      return item(stated === undefined ? code : `${code}. Default: ${stated}.`, text);
    })
    .join('\n');
}

/** Text in which a type leads to where it stands on the page. */
function linked(text: string, own?: string): string {
  return text.replaceAll(/`([A-Z]\w+)`/g, (code, name: string) =>
    name !== own && everyName.has(name) ? `[${code}](#${name.toLowerCase()})` : code,
  );
}

function item(head: string, text: string): string {
  return text === '' ? `- ${head}` : `- ${head}\\\n  ${text.replaceAll('\n', '\n  ')}`;
}

function fenced(code: string): string {
  return `\`\`\`\n${code}\n\`\`\``;
}
