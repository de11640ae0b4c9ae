// The entry point `remerge/testing`: a server for tests, the ways to it, and a clock.
export { createClock } from './testing/clock.ts';
export { handlers } from './testing/handlers.ts';
export { listen } from './testing/listen.ts';
export { createOrigin, type Origin, type OriginOptions } from './testing/origin.ts';
