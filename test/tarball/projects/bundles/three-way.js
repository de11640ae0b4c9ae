import { threeWay } from 'remerge/merge';

Object.assign(globalThis, { used: [threeWay] });
