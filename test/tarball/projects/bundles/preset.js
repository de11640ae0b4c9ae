import { kubernetes } from 'remerge/presets';

Object.assign(globalThis, { used: [kubernetes] });
