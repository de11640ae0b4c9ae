import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The server, in a process of its own. */
export interface Origin {
  readonly url: string;
  /** Ends it, and gives what it logged: a line for each request, such as `/notes/1 PUT 412 "v1"`. */
  stop(): Promise<readonly string[]>;
}

/** Starts the server on a database file. Its log is what is counted: the writers' own belief proves nothing. */
export async function startOrigin(database: string): Promise<Origin> {
  const flags = ['--port', '0', '--database', database];
  const child = fork(new URL('../server/main.ts', import.meta.url), flags, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    detached: true,
  });
  const closed = once(child, 'close');
  if (child.stdout === null) throw new Error('The server has no output to read its log from.');
  const output = createInterface(child.stdout);
  const log: string[] = [];
  const [greeting] = (await Promise.race([once(output, 'line'), closed])) as [unknown];
  if (typeof greeting !== 'string') throw new Error('The server ended before it listened.');
  output.on('line', (line) => log.push(line));

  return {
    url: greeting.replace('Listening on ', ''),
    async stop() {
      // It takes this signal for a request to finish what is under way, and to end.
      child.kill();
      await closed;
      return log;
    },
  };
}
