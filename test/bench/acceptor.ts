// A server that takes every write, in a process of its own: what it costs must not count as the caller's.
import { createServer } from 'node:http';
import { listen } from './notes.ts';

const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(204, { etag: '"v2"' }).end());
});
process.send?.(await listen(server));
process.on('disconnect', () => process.exit());
