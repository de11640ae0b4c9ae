import { describe, expect, it } from 'vitest';
import {
  cycles,
  drawers,
  impureFolders,
  longFiles,
  strayDependencies,
  strayExports,
  wrongArrows,
  type Files,
} from './house.ts';
import { vagueComments } from './comments.ts';
import { strayStages } from './stages.ts';

const pureConfig = '{ "compilerOptions": { "lib": ["ES2023"], "types": [] } }';

/** A small house in good order. */
const small = {
  'src/index.ts': "export { go, type Go } from './go.ts';",
  'src/go.ts': "import { loop } from './shell/retry.ts';",
  'src/shell/retry.ts': "import pRetry from 'p-retry'; import type { Wait } from '../core/wait.ts';",
  'src/core/wait.ts': 'export type Wait = () => number;',
  'src/merge/keep.ts': "import type { Wait } from '../core/wait.ts';",
  'src/core/tsconfig.json': pureConfig,
  'src/merge/tsconfig.json': pureConfig,
};

function house(changes: Readonly<Record<string, string>> = {}): Files {
  return new Map(Object.entries({ ...small, ...changes }));
}

const checks = {
  vagueComments,
  wrongArrows,
  strayStages,
  cycles,
  strayExports,
  strayDependencies,
  longFiles,
  drawers,
  impureFolders,
};

type Planted = readonly [what: string, path: string, source: string, fault: string];

/** What each check must see, and what it must say of the file. */
const planted: Readonly<Record<keyof typeof checks, readonly Planted[]>> = {
  wrongArrows: [
    [
      'core that imports the shell, for a type only',
      'src/core/time.ts',
      "import type { Clock } from '../shell/retry.ts';",
      'may not import src/shell/retry.ts',
    ],
    [
      'core that imports a merge',
      'src/core/time.ts',
      "import '../merge/keep.ts';",
      'may not import src/merge/keep.ts',
    ],
    [
      'a merge that imports the flow, inside of a type',
      'src/merge/go.ts',
      "export type Go = import('../go.ts').Go;",
      'may not import src/go.ts',
    ],
    [
      'a merge that asks for the shell while it runs',
      'src/merge/lazy.ts',
      "export const lazy = () => import('../shell/retry.ts');",
      'may not import src/shell/retry.ts',
    ],
    [
      'a shell that imports the flow',
      'src/shell/body.ts',
      "import { go } from '../go.ts';",
      'may not import src/go.ts',
    ],
    [
      'a file that imports an entry point',
      'src/start.ts',
      "import type { Go } from './index.ts';",
      'may not import src/index.ts',
    ],
    [
      'a folder that is no layer',
      'src/extras/one.ts',
      'export const one = 1;',
      "stands in no layer: there is none of the name 'extras'",
    ],
    [
      'an import of what is not there',
      'src/start.ts',
      "import './gone.ts';",
      "imports src/gone.ts, which isn't there",
    ],
  ],
  vagueComments: [
    [
      'a doc comment that is about nothing',
      'src/core/time.ts',
      '\n/** What is kept. */\nexport const kept = 1;',
      'is vague in line 2',
    ],
    ['a line about nobody', 'src/core/time.ts', '// Whoever asks is told.', 'is vague in line 1'],
  ],
  strayStages: [
    [
      'a stage that imports another, for a type only',
      'src/stages/weigh.ts',
      "import type { Seen } from './read/look.ts';",
      'is a stage and imports src/stages/read/look.ts',
    ],
    [
      'a file beside the conductor that says what follows what',
      'src/again.ts',
      "import './stages/pace.ts'; import './stages/send.ts';",
      'calls several stages: pace, send',
    ],
  ],
  cycles: [
    [
      'two files that import each other, one for a type only',
      'src/core/wait.ts',
      "import type { Wait } from './zone.ts';",
      '→ src/core/zone.ts → src/core/wait.ts',
    ],
  ],
  strayExports: [
    ['a barrel in a folder', 'src/core/all.ts', "export * from './wait.ts';", 're-exports ./wait.ts'],
    [
      'a barrel that imports first and exports then',
      'src/core/all.ts',
      "import type { Wait } from './wait.ts'; export type { Wait as Pause };",
      're-exports Wait',
    ],
    [
      'an entry point with code of its own',
      'src/index.ts',
      "export { go } from './go.ts'; export const version = 1;",
      'does more than re-export',
    ],
  ],
  strayDependencies: [
    [
      'p-retry in another file than the loop',
      'src/start.ts',
      "import type { Options } from 'p-retry';",
      'may not import p-retry',
    ],
    [
      'zod in the flow, by a path inside of it',
      'src/start.ts',
      "import * as z from 'zod/mini';",
      'may not import zod/mini',
    ],
    [
      'node-diff3 in a merge, which makes its own diffs',
      'src/merge/list.ts',
      "import { diff3 } from 'node-diff3';",
      'may not import node-diff3',
    ],
    [
      'a dependency that nobody agreed on',
      'src/shell/retry.ts',
      "import '@scope/retry/fast';",
      'may not import @scope/retry/fast',
    ],
    [
      'a module of Node',
      'src/shell/clock.ts',
      "import { setTimeout } from 'node:timers/promises';",
      'may not import node:timers/promises',
    ],
  ],
  longFiles: [['a file of 301 lines', 'src/core/long.ts', '// And on.\n'.repeat(301), 'has 301 lines']],
  drawers: [
    ['a file named for nothing', 'src/core/utils.ts', '', ''],
    ['a folder named for nothing', 'src/core/types/wait.ts', '', ''],
    ['a drawer with a label', 'src/shell/url-helpers.ts', '', ''],
  ],
  impureFolders: [
    [
      'a pure folder that sees a page',
      'src/core/tsconfig.json',
      '{ "compilerOptions": { "lib": ["ES2023", "DOM"], "types": [] } }',
      'must name a lib without DOM',
    ],
    [
      'a pure folder that sees Node',
      'src/merge/tsconfig.json',
      '{ "compilerOptions": { "lib": ["ES2023"], "types": ["node"] } }',
      'must take in no types',
    ],
    [
      'a pure folder that leaves its lib to the settings of the whole',
      'src/merge/tsconfig.json',
      '{ "extends": "../../tsconfig.json", "compilerOptions": { "types": [] } }',
      'must name a lib without DOM',
    ],
    [
      'a pure file that takes a page in by itself',
      'src/core/time.ts',
      '/// <reference lib="dom" />',
      'takes in dom',
    ],
  ],
};

const rows = Object.entries(planted).flatMap(([check, faults]) =>
  faults.map((fault) => [check as keyof typeof checks, ...fault] as const),
);
/** Files that do no harm by themselves, but take part in a fault. */
const around = { 'src/core/zone.ts': "import type { Wait } from './wait.ts';" };

describe('a fault planted in a small house', () => {
  it.each(rows)('is told by %s: %s', (check, _, path, source, fault) => {
    expect(checks[check](house({ ...around, [path]: source }))).toEqual([`${path} ${fault}`.trim()]);
  });

  it('is not seen where there is none', () => {
    for (const check of Object.values(checks)) expect(check(house(around))).toEqual([]);
    expect(longFiles(house({ 'src/core/long.ts': '// And on.\n'.repeat(200) }))).toEqual([]);
  });

  it('is also that a pure folder has no settings', () => {
    const bare = new Map([...house()].filter(([path]) => path !== 'src/core/tsconfig.json'));
    expect(impureFolders(bare)).toEqual(['src/core/tsconfig.json is missing']);
  });
});
