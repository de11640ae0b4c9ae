// The entry point `remerge/probe`: asks a server whether it looks at versions, for those who set up a route.
export { probe } from './probe/probe.ts';
export type { Finding } from './core/finding.ts';
