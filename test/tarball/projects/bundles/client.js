import { createClient } from 'remerge';

Object.assign(globalThis, { used: [createClient] });
