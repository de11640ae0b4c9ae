import { recover as flow } from './recover.ts';
import type { RecoveryPart } from './loader.ts';

/** The code that recovers writes, to be given to `remerge/lazy`. An app doesn't call it itself. */
export const recover: RecoveryPart = flow as unknown as RecoveryPart;
