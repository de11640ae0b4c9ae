import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { root, type Example } from './blocks.ts';

/** What became of a program: the lines whose value was compared, and the error that ended it, if one did. */
export interface Result {
  readonly compared: readonly number[];
  readonly error: string;
}

/** A program in which `console.log(value); // → expected` compares the two. */
export interface Instrumented {
  readonly code: string;
  /** The lines that compare. */
  readonly lines: readonly number[];
}

/**
 * Turns each `// →` into a comparison with the value that its line logs.
 *
 * @throws {Error} for an arrow that isn't behind a `console.log` of one value: it would promise, and compare nothing.
 */
export function instrument({ page, code }: Pick<Example, 'page' | 'code'>): Instrumented {
  const source = ts.createSourceFile('block.ts', code, ts.ScriptTarget.Latest);
  const edits: { from: number; to: number; text: string; line: number }[] = [];
  const visit = (node: ts.Node): void => {
    const arrow = ts.isExpressionStatement(node) && /^[^\S\n]*\/\/ → (.+)/.exec(code.slice(node.end));
    if (arrow && ts.isCallExpression(node.expression)) {
      const { arguments: logged, expression } = node.expression;
      const [value] = logged;
      if (expression.getText(source) === 'console.log' && value && logged.length === 1) {
        const line = source.getLineAndCharacterOfPosition(node.end).line + 1;
        const text = `__compare(${line}, ${value.getText(source)}, (${arrow[1] ?? ''}));`;
        edits.push({ from: node.getStart(source), to: node.end + arrow[0].length, text, line });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const arrows = code.split('\n').flatMap((text, index) => (text.includes('// →') ? [index + 1] : []));
  const lines = edits.map(({ line }) => line);
  const idle = arrows.find((line) => !lines.includes(line));
  if (idle !== undefined) throw new Error(`${page}:${idle}: an arrow stands behind console.log(one value).`);
  const edited = edits.reduceRight(
    (text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to),
    code,
  );
  return { code: edited, lines };
}

const prelude = `import { deepStrictEqual as __same } from 'node:assert';
const __compared = [];
process.on('exit', () => process.stdout.write('\\n' + JSON.stringify(__compared)));
function __compare(line, value, expected) { __same(value, expected, undefined); __compared.push(line); }
`;

/** Runs a program in a process of its own, against a server that stands for `https://api.example.com`. */
export async function run(example: Example, code: string, origin: string): Promise<Result> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, sourceMap: false },
  });
  const runnable = outputText
    .replaceAll(
      /(from\s*|import\()['"]remerge(\/json-patch|\/merge|\/presets|\/probe|\/poll|\/testing|\/lazy|\/recovery)?['"]/g,
      (_, before: string, entry = '/index') =>
        `${before}'${pathToFileURL(`${root}src${entry === '/json-patch' ? '/merge' : ''}${entry}.ts`).href}'`,
    )
    .replaceAll('https://api.example.com', origin);
  const folder = `${root}node_modules/.cache/remerge-docs`;
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/${example.page.replaceAll('/', '-')}-${example.line}.mjs`;
  writeFileSync(file, prelude + runnable);
  return new Promise((resolve) => {
    // A program that leaves a timer or a connection behind doesn't end by itself: that is an error, too.
    execFile(process.execPath, [file], { timeout: 20_000 }, (error, stdout, stderr) => {
      const compared = JSON.parse(/\[[\d,]*\]$/.exec(stdout)?.[0] ?? '[]') as number[];
      resolve({ compared, error: error ? stderr || error.message : '' });
    });
  });
}
