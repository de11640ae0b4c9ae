import { recover as flow } from './recover.ts';
import type { RecoveryPart } from './loader.ts';

/** What recovers writes, for `remerge/lazy` to be given: nothing that an app calls itself. */
export const recover: RecoveryPart = flow as unknown as RecoveryPart;
