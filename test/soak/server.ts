// The example server, in a process of its own, so that its memory isn't taken for the client's.
import { subscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import { startServer } from '../../docs/examples/server/server.ts';

/** The HTTP server inside, known from the first request on. */
let inside: Server | undefined;
subscribe('http.server.request.start', (message) => {
  inside = (message as { readonly server: Server }).server;
});

process.on('disconnect', () => process.exit());
// Whoever asks has nothing under way: what is still open after this is held by somebody.
process.on('message', () => {
  inside?.closeIdleConnections();
  inside?.getConnections((_, count) => process.send?.(count));
});
const { url } = await startServer();
process.send?.(url);
