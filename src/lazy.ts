export { createClient, withConflictRecovery } from './late.ts';
export type { LazyRecovery, RecoveryLoader, RecoveryPart } from './loader.ts';
export * from './vocabulary.ts';
