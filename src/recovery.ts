import { recover as flow } from './recover.ts';
import type { RecoveryPart } from './recovery/late.ts';

/** What recovers writes, for `remerge/lazy`: nothing that an app calls itself. */
export const recover = flow as unknown as RecoveryPart;
