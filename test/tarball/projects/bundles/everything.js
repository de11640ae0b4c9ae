import * as remerge from 'remerge';
import * as patch from 'remerge/json-patch';
import * as merge from 'remerge/merge';
import * as presets from 'remerge/presets';
import * as probe from 'remerge/probe';
import * as lazy from 'remerge/lazy';
import * as recovery from 'remerge/recovery';

Object.assign(globalThis, { used: [remerge, patch, merge, presets, probe, lazy, recovery] });
