// The entry point `remerge/testing`: a server for tests, and a clock.
export { createClock } from './testing/clock.ts';
export { createOrigin, type Origin, type OriginOptions } from './testing/origin.ts';
