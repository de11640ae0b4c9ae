import { createClient, etag, recoveryOf, text, threeWay, withConflictRecovery } from 'remerge';
import { update, wrapped } from '../writes.js';

/** Makes two writes that meet a conflict. Gives how they came out. */
export async function makeWrites(origin: string): Promise<object> {
  return {
    update: await update({ createClient }, origin),
    wrapped: await wrapped({ withConflictRecovery, etag, threeWay, text, recoveryOf }, origin),
  };
}
