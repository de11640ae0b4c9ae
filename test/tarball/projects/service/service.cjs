/* eslint-disable @typescript-eslint/no-require-imports -- Whether that works is the question. */
const remerge = require('remerge');
const { jsonPatch } = require('remerge/json-patch');
const { merge } = require('remerge/merge');
const { nodeRed } = require('remerge/presets');
const { probe } = require('remerge/probe');
const { all } = require('../writes.js');

if (![jsonPatch, merge, nodeRed, probe].every((name) => typeof name === 'function'))
  throw new Error('An entry point is empty.');
void all(remerge, process.argv.slice(2)).then((report) => console.log(JSON.stringify(report)));
