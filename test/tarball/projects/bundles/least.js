import { etag, withConflictRecovery } from 'remerge';

Object.assign(globalThis, { used: [etag, withConflictRecovery] });
