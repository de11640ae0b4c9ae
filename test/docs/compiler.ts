import ts from 'typescript';
import { root, type Example } from './blocks.ts';

/** Type-checks programs with the project's own settings, but for unused names. Gives `page:line: message` for each fault. */
export function typeFaults(examples: readonly Pick<Example, 'page' | 'code'>[]): readonly string[] {
  const config: unknown = ts.readConfigFile(`${root}tsconfig.json`, (path) => ts.sys.readFile(path)).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const sources = new Map(
    examples.map((example, index): [string, typeof example] => [`${root}docs/block-${index}.ts`, example]),
  );
  const unused = { noUnusedLocals: false, noUnusedParameters: false };
  const paths = {
    remerge: [`${root}src/index.ts`],
    'remerge/merge': [`${root}src/merge.ts`],
    'remerge/presets': [`${root}src/presets.ts`],
    'remerge/probe': [`${root}src/probe.ts`],
    'remerge/testing': [`${root}src/testing.ts`],
    'remerge/poll': [`${root}src/poll.ts`],
    'remerge/lazy': [`${root}src/lazy.ts`],
    'remerge/recovery': [`${root}src/recovery.ts`],
  };
  const settings: ts.CompilerOptions = {
    ...options,
    ...unused,
    paths,
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
  const disk = ts.createCompilerHost(settings);
  const host: ts.CompilerHost = {
    ...disk,
    readFile: (path) => sources.get(path)?.code ?? disk.readFile(path),
    fileExists: (path) => sources.has(path) || disk.fileExists(path),
    getSourceFile: (path, language, ...rest) => {
      const code = sources.get(path)?.code;
      return code === undefined
        ? disk.getSourceFile(path, language, ...rest)
        : ts.createSourceFile(path, code, language);
    },
  };
  const program = ts.createProgram([...sources.keys()], settings, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const page = file && (sources.get(file.fileName)?.page ?? file.fileName);
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${page ?? 'tsconfig.json'}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
