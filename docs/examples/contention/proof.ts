import { marksIn } from './documents.ts';

/** What can be known of one client's run after it, and from where. */
export interface Evidence {
  /** The marks of all edits that were to be made. */
  readonly asked: readonly string[];
  /** The marks of those that the server acknowledged. */
  readonly acknowledged: readonly string[];
  /** The documents as the database has them in the end. */
  readonly documents: readonly unknown[];
  /** The server's log of the requests to these documents. */
  readonly log: readonly string[];
}

export interface Tally {
  readonly asked: number;
  readonly acknowledged: number;
  /** Acknowledged edits that stand in the documents exactly once. */
  readonly kept: number;
  /** Acknowledged edits that stand in the documents no more. */
  readonly lost: number;
  /** Edits that stand there more than once. */
  readonly doubled: number;
  /** Edits that the writer was told were not made. */
  readonly refused: number;
  readonly conflicts: number;
  readonly requests: number;
}

/** Counts what became of the edits. */
export function tally({ asked, acknowledged, documents, log }: Evidence): Tally {
  const found = new Map<string, number>();
  for (const mark of documents.flatMap(marksIn)) found.set(mark, (found.get(mark) ?? 0) + 1);
  return {
    asked: asked.length,
    acknowledged: acknowledged.length,
    kept: acknowledged.filter((mark) => found.get(mark) === 1).length,
    lost: acknowledged.filter((mark) => !found.has(mark)).length,
    doubled: [...found.values()].filter((times) => times > 1).length,
    refused: asked.length - acknowledged.length,
    conflicts: log.filter((line) => / PUT (?:409|412) /.test(line)).length,
    requests: log.length,
  };
}

/** Whether every edit was acknowledged and stands in the documents exactly once. */
export function verdict({ asked, kept, doubled }: Tally): boolean {
  return asked > 0 && kept === asked && doubled === 0;
}
