import type { Verdict } from '../core/outcome.ts';
import { parsePointer, valueAt } from '../core/pointer.ts';

/** The text at a place in what a refusal says. */
export function textAt(body: unknown, pointer: string): string | undefined {
  const text = valueAt(body, parsePointer(pointer));
  return typeof text === 'string' ? text : undefined;
}

/** The code in the XML of a refusal, as Azure, Amazon and Google write it. */
export function xmlCode(body: unknown): string | undefined {
  return typeof body === 'string' ? /<Code>\s*([^<\s]+)\s*<\/Code>/.exec(body)?.[1] : undefined;
}

/** What the code of a refusal may mean. A code that isn't listed is no matter of versions, and the refusal stands. */
export interface Codes {
  /** What may be a conflict. Whether it is one is left to the evidence: the version must have moved. */
  readonly open: readonly string[];
  /** What wants the same request again in a moment. */
  readonly busy?: readonly string[];
}

/** The meaning of a code. Where there is none, a gateway may have answered, and the evidence decides. */
export function verdictOf(code: string | undefined, { open, busy = [] }: Codes): Verdict | undefined {
  if (code === undefined || open.includes(code)) return undefined;
  return busy.includes(code) ? 'in-progress' : 'final';
}
