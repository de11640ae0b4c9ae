export { createClient } from './client.ts';
export { withConflictRecovery } from './fetch.ts';
export * from './vocabulary.ts';
