import { deepEqual } from 'node:assert/strict';
import { brotliCompressSync } from 'node:zlib';

/** For each part of remerge, and of what it is made of, a text that no minifier changes and that stands in no other. */
const marks = {
  etag: 'if-match',
  recovery: 'idempotency-key',
  'p-retry': 'onFailedAttempt',
  ky: 'Request timed out',
  threeWay: 'one place',
  text: String.raw`(?:^|[^\r])\n`,
  counter: 'out-of-range',
  list: 'isSafeInteger(Number(',
  'the presets for Kubernetes': '/metadata/resourceVersion',
  'for Node-RED': 'version_mismatch',
  'for Azure': 'x-ms-error-code',
  jsonPatch: String.raw`(0|[1-9]\d*)`,
  'the check of options': 'there is no such option',
  zod: 'ZodError',
} as const;

export type Part = keyof typeof marks;

export const parts = Object.keys(marks) as readonly Part[];

function partsIn(bundle: string): readonly Part[] {
  return parts.filter((part) => bundle.includes(marks[part]));
}

/** Compares what is in a bundle with what should be. Gives both sides of it in a line, and the size. */
export function comparePartsIn(bundle: string, expected: readonly Part[]): string {
  const found = partsIn(bundle);
  deepEqual(found, expected);
  const missing = parts.filter((part) => !found.includes(part));
  const size = brotliCompressSync(bundle).length / 1000;
  return `in the bundle: ${found.join(', ')}; not in the bundle: ${missing.join(', ')}; ${size.toFixed(1)} kB brotli`;
}
