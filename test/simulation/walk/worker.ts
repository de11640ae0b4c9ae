import { parentPort, workerData } from 'node:worker_threads';
import type { Part } from './crew.ts';
import { scopes } from './scopes.ts';
import { walk } from './walk.ts';

const { size, index } = workerData as Part;
const scope = scopes[size][index];
if (scope) parentPort?.postMessage(await walk(scope));
