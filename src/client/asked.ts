import type { Question, WriteResult } from '../report.ts';

/** The address of the handle whose write met each question. */
const addresses = new WeakMap<Question, string>();

/** Notes whose question it is: that of the handle on a resource, or of no handle. Returns the question. */
export function askedAt(question: Question, handle: URL | undefined): Question {
  if (handle) addresses.set(question, handle.href);
  return question;
}

/** Returns a question if it is that of the handle on a resource: its answer gives a result. */
export function questionAt(
  handle: URL,
  question: Question | undefined,
): Question<unknown, WriteResult> | undefined {
  const isIts = question && addresses.get(question) === handle.href;
  return isIts ? (question as Question<unknown, WriteResult>) : undefined;
}
