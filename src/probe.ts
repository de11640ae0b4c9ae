// The entry point `remerge/probe`: a question to a server, for those who set up a route.
export { probe, type ProbeOptions } from './probe/probe.ts';
export type { Finding, Precondition, ShownVersion } from './core/finding.ts';
