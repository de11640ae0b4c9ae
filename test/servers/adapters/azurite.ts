import { createHmac, randomBytes } from 'node:crypto';
import { execPath } from 'node:process';
import { binary, start, type Place, type Running } from '../process.ts';

const account = 'notes';
const key = randomBytes(64).toString('base64');

/** A shared access signature for the whole account, as the query that each request carries. */
export function signature(): string {
  const said = { sp: 'rwdlacup', ss: 'bt', srt: 'sco', se: '2099-01-01T00:00:00Z', sv: '2019-02-02' };
  // The lines are the permissions, services, resource types, start, expiry, addresses, protocol and version.
  const lines = [account, said.sp, said.ss, said.srt, '', said.se, '', '', said.sv, ''];
  const sig = createHmac('sha256', Buffer.from(key, 'base64')).update(lines.join('\n')).digest('base64');
  return new URLSearchParams({ ...said, sig }).toString();
}

/** Azure Storage, as Azurite plays it: a service of its own for each kind, in one process. */
export async function startAzurite(
  { folder, port, freePort }: Place,
  service: 'blob' | 'table',
): Promise<Running> {
  const ports = { blob: await freePort(), queue: await freePort(), table: await freePort(), [service]: port };
  const args = ['blob', 'queue', 'table'].flatMap((name) => [
    `--${name}Host`,
    '127.0.0.1',
    `--${name}Port`,
    String(ports[name as keyof typeof ports]),
  ]);
  const flags = ['--silent', '--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry'];
  const running = await start({
    program: execPath,
    args: [binary('azurite'), ...flags, ...args],
    folder,
    env: { AZURITE_ACCOUNTS: `${account}:${key}` },
    url: `http://127.0.0.1:${port}/`,
  });
  return { ...running, url: new URL(`${account}/`, running.url) };
}
