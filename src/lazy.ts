export { createClient, withConflictRecovery } from './late.ts';
export type { RecoveryLoader } from './loader.ts';
export * from './vocabulary.ts';
