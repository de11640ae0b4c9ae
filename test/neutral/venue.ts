import type { TestProject } from 'vitest/node';
import { startServer } from '../../docs/examples/server/server.ts';
import { startGate } from './gate.ts';

/** Where the neutral tests find what they write to. */
export interface Venue {
  /** The example server behind its gate. */
  readonly gate: string;
  /** The same server without a gate: another origin, for whoever is sent there. */
  readonly server: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    venue: Venue;
  }
}

/** Starts the example server and its gate, for one run of the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const gate = await startGate(server.url);
  project.provide('venue', { gate: gate.url, server: server.url });
  return async () => {
    await gate.stop();
    await server.close();
  };
}
