import { isRecoveryError, type Question } from 'remerge';

/** The question behind an error, which must have one. */
export function questionIn(error: unknown): Question {
  if (!isRecoveryError(error) || !error.question) throw error;
  return error.question;
}

/** What must be there. */
export function given<Value>(value: Value): NonNullable<Value> {
  if (value === undefined || value === null) throw new Error('It is not there.');
  return value;
}
