import * as remerge from 'remerge';
import * as patch from 'remerge/json-patch';
import * as merge from 'remerge/merge';
import * as presets from 'remerge/presets';
import * as probe from 'remerge/probe';

Object.assign(globalThis, { used: [remerge, patch, merge, presets, probe] });
