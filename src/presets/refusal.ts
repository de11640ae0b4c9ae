import type { Verdict } from '../core/verdict.ts';
import { parsePointer, valueAt } from '../core/pointer.ts';

/** The text at a place in the body of a refusal. */
export function textAt(body: unknown, pointer: string): string | undefined {
  const text = valueAt(body, parsePointer(pointer));
  return typeof text === 'string' ? text : undefined;
}

/** The code in the XML of a refusal, as Azure, Amazon and Google write it. */
export function xmlCode(body: unknown): string | undefined {
  return typeof body === 'string' ? /<Code>\s*([^<\s]+)\s*<\/Code>/.exec(body)?.[1] : undefined;
}

/** The codes of refusals. A code that isn't listed has nothing to do with versions, and the refusal stands. */
export interface Codes {
  /** Codes that may mean a conflict. The evidence decides whether there is one: the version must have changed. */
  readonly open: readonly string[];
  /** Codes that ask for the same request again in a moment. */
  readonly busy?: readonly string[];
}

/**
 * The verdict for a code; `undefined` where the evidence decides. Without a code, a gateway may have answered, so the
 * evidence decides, too.
 */
export function verdictOf(code: string | undefined, { open, busy = [] }: Codes): Verdict | undefined {
  if (code === undefined || open.includes(code)) return undefined;
  return busy.includes(code) ? 'in-progress' : 'final';
}
