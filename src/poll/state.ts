import { isRecord, memberOf, type JsonRecord } from '../core/record.ts';
import type { Operation, OperationState } from '../operation.ts';

const succeeded = /^(succeeded|success|successful|completed?|done|ready|finished)$/i;
const failed = /^(failed|failure|cancell?ed|error|aborted|rejected|timed?_?out)$/i;
const running = /^(not_?started|started|running|in_?progress|pending|queued|accepted|processing|[a-z]+ing)$/i;

/** Codes of errors that tell of a conflict: of HTTP, google.rpc.Code (ABORTED is 10), Azure and Google Compute Engine. */
const conflict =
  /^(409|412|10|aborted|condition_?not_?met|precondition_?failed|\w*(conflict|preempted)\w*)$/i;

/**
 * The state that an answer of a monitor shows; `undefined` where it shows none: the monitor is gone, leads away, or asks
 * who is there.
 */
export function stateShownBy(
  response: Response,
  body: unknown,
  shows: Operation['shows'],
): OperationState | undefined {
  const { status, ok } = response;
  if (status === 202) return 'running';
  if (status === 303) return 'succeeded';
  if (status === 409 || status === 412) return 'conflict';
  if (ok) return stateIn(body, shows);
  const isUntold = status < 400 || [401, 403, 404, 405, 410].includes(status);
  return isUntold ? undefined : failureIn(body);
}

/**
 * The state that the body of a success tells. A result says nothing of how far it is: it is there. A status that says nothing
 * is none; one that can't be read is read again.
 */
function stateIn(body: unknown, shows: Operation['shows']): OperationState | undefined {
  const silent = shows === 'result' ? 'succeeded' : body === undefined ? 'running' : undefined;
  if (!isRecord(body)) return silent;
  const { done, error } = body;
  if (done === false) return 'running';
  const word = wordIn(body);
  if (error || failed.test(word)) return failureIn(body);
  if (done === true || succeeded.test(word)) return 'succeeded';
  if (word === '') return silent;
  // Any other status of an operation is one on the way (Azure Resource Manager RPC); that of a result is the app's own.
  return shows === 'status' || running.test(word) ? 'running' : 'succeeded';
}

function wordIn(body: JsonRecord): string {
  const word = body.provisioningState ?? provisioningStateIn(body) ?? body.status;
  return typeof word === 'string' ? word : '';
}

/** The state in which a resource of Azure Resource Manager says to be. */
export function provisioningStateIn({ properties }: JsonRecord): unknown {
  return isRecord(properties) ? memberOf(properties, 'provisioningState') : undefined;
}

/** Whether an operation failed by a conflict, or for another reason. */
function failureIn(body: unknown): 'failed' | 'conflict' {
  if (!isRecord(body)) return 'failed';
  const { error, httpErrorStatusCode, code } = body;
  const errors = isRecord(error) ? [error, ...list(error.errors), ...list(error.details)] : [];
  const codes = [
    code,
    httpErrorStatusCode,
    ...errors.flatMap((one) => (isRecord(one) ? [one.code, one.status] : [])),
  ];
  return codes.some((one) => conflict.test(String(one))) ? 'conflict' : 'failed';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
