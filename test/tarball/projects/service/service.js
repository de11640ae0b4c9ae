import * as remerge from 'remerge';
import { jsonPatch } from 'remerge/json-patch';
import { merge } from 'remerge/merge';
import { nodeRed } from 'remerge/presets';
import { probe } from 'remerge/probe';
import { all } from '../writes.js';

if (![jsonPatch, merge, nodeRed, probe].every((name) => typeof name === 'function'))
  throw new Error('An entry point is empty.');
console.log(JSON.stringify(await all(remerge, process.argv.slice(2))));
