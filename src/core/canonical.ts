import { instanceText, isRecord } from './record.ts';

/**
 * A text that two values share exactly when they are `equal`, to find them in a `Map`.
 * Not JSON: `1n` and `1` are the same here, and an instance of a class is shown as such.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return String(Number.isInteger(value) ? BigInt(value) : value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isRecord(value)) return `@${instanceText(value)}`;
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
}
