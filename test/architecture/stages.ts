import { arrows, type Files } from './house.ts';

/**
 * Stages of a recovery that import another, and files beside the conductor that call several. A stage is a file of
 * `src/stages`, or a folder of it.
 */
export function strayStages(files: Files): readonly string[] {
  return [...arrows(files)].flatMap(([from, targets]) => {
    const others = targets.filter((to) => stageOf(to) !== undefined && stageOf(to) !== stageOf(from));
    if (stageOf(from) !== undefined) return others.map((to) => `${from} is a stage and imports ${to}`);
    const called = new Set(others.map(stageOf));
    return from !== conductor && called.size > 1
      ? [`${from} calls several stages: ${[...called].join(', ')}`]
      : [];
  });
}

const conductor = 'src/recover.ts';

function stageOf(path: string): string | undefined {
  return /^src\/stages\/([\w-]+)/.exec(path)?.[1];
}
