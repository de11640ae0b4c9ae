import { isDeepStrictEqual } from 'node:util';
import type { Difference } from './comparison.ts';

/** Where two values differ, as deep as can be said. */
export function narrow({ kind, usual, ours }: Difference): readonly Difference[] {
  if (isDeepStrictEqual(usual, ours)) return [];
  if (!isRecord(usual) || !isRecord(ours) || Array.isArray(usual) !== Array.isArray(ours))
    return [{ kind, usual, ours }];
  const names = [...new Set([...Object.keys(usual), ...Object.keys(ours)])];
  return names.flatMap((name) => narrow({ kind: `${kind} / ${name}`, usual: usual[name], ours: ours[name] }));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
