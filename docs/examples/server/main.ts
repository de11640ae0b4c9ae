import { parseArgs } from 'node:util';
import { startServer, type ServerOptions } from './server.ts';

const help = `Usage: node docs/examples/server/main.ts [--port <number>] [--database <file>]

  --port      the port on 127.0.0.1 (default 8080; 0 takes a free one)
  --database  an SQLite file that keeps the documents (default: in memory)
  --help      this text
`;

/** The options, or the line to say about them. */
function parse(args: string[]): ServerOptions | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: 'string', default: '8080' },
        database: { type: 'string', default: ':memory:' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return help;
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port > 65_535)
      return `--port takes a number from 0 to 65535, not '${values.port}'.`;
    return { port, database: values.database };
  } catch (error) {
    return (error as Error).message.split('\n', 1)[0] ?? '';
  }
}

const options = parse(process.argv.slice(2));
if (options === help) {
  process.stdout.write(help);
} else if (typeof options === 'string') {
  process.stderr.write(`${options.replace(/\.$/, '')}. See --help.\n`);
  process.exitCode = 2;
} else {
  const server = await startServer({
    ...options,
    log: (line, path) => process.stdout.write(`${path} ${line}\n`),
  });
  const stop = () => {
    void server.close();
    if (process.connected) process.disconnect();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  // Only a process that another one forked has this event: it ends with its parent.
  process.once('disconnect', stop);
  // Last: whoever waits for this line may stop the server at once.
  process.stdout.write(`Listening on ${server.url}\n`);
}
