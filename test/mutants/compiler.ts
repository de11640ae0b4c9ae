import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Edit } from './mutant.ts';

/** A name that isn't there, at its place or as a shorthand member. */
const unknownNames = new Set([2304, 2552, 18_004]);

/**
 * Makes the check of edits: what they name that isn't there, or that they are no program. A mutant that can't run is killed
 * by whatever test, and proves nothing.
 */
export function createNameCheck(root: string): (edits: readonly Edit[]) => readonly string[] {
  const { sys } = ts;
  const host = { ...sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), {}, host);
  if (!config) throw new Error('There is no tsconfig.json.');
  const sources = config.fileNames.filter((name) => name.startsWith(join(root, 'src')));
  const texts = new Map<string, string>();
  let version = 0;
  const service = ts.createLanguageService({
    fileExists: (path) => sys.fileExists(path),
    readFile: (path) => sys.readFile(path),
    directoryExists: (path) => sys.directoryExists(path),
    getDirectories: (path) => sys.getDirectories(path),
    getScriptFileNames: () => sources,
    getScriptVersion: (name) => (texts.has(name) ? String(version) : ''),
    getScriptSnapshot: (name) => {
      const text = texts.get(name) ?? sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => config.options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  return (edits) => {
    texts.clear();
    version += 1;
    for (const { file, find, put } of edits) {
      const path = join(root, file);
      const text = texts.get(path) ?? readFileSync(path, 'utf8');
      texts.set(
        path,
        text.replace(find, () => put),
      );
    }
    return [...texts.keys()].flatMap((path) =>
      [
        ...service.getSyntacticDiagnostics(path),
        ...service.getSemanticDiagnostics(path).filter(({ code }) => unknownNames.has(code)),
      ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    );
  };
}
