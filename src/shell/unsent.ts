import { isStream, mayOutlive } from './body.ts';
import type { Write } from './transport.ts';

/** The members of an error that comes from the system, a connection or undici. */
interface Told {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly syscall?: unknown;
  readonly address?: unknown;
  readonly port?: unknown;
  readonly hostname?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

const told = (error: unknown): Told => Object(error) as Told;

/** The codes of errors that only occur before there is a connection. */
const unreached: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/**
 * Whether a request that failed certainly never reached a server: no server listened, or the host isn't known. The
 * errors of Deno and of a page don't tell.
 *
 * @param mayFollow Whether the request may have been sent, and a redirect in its answer followed to where no server
 * listened.
 */
export function isUnreached(error: unknown, url: URL, mayFollow: boolean): boolean {
  const { cause } = told(error);
  const behind = told(told(cause).code === undefined ? error : cause);
  // fetch has tried several addresses of one host.
  const first = told(behind.errors?.[0] ?? behind);
  const { code, syscall } = first;
  const isEarly =
    syscall === undefined ? unreached.includes(code) : syscall === 'connect' || syscall === 'getaddrinfo';
  return isEarly && !(mayFollow && isElsewhere(first, url));
}

/** Whether another host wasn't reached. Only the system knows which addresses a name has. */
function isElsewhere(
  { address, port, hostname }: Told,
  { hostname: host, port: own, protocol }: URL,
): boolean {
  const ip = /^[\d.]+$|:/.test(host) ? host.replace(/[[\]]/g, '') : address;
  const asked = own || (protocol === 'https:' ? 443 : 80);
  return (hostname ?? host) !== host || (address ?? ip) !== ip || Number(port ?? asked) !== Number(asked);
}

/** The ports that fetch never connects to (Fetch §2.9). */
const blocked =
  /^([0179]|1[13579]|2[0-35]|37|4[23]|53|69|77|79|87|95|10[1-49]|11[01357]|119|123|13[579]|143|161|179|389|427|465|51[2-5]|526|53[0-2]|540|548|554|556|563|587|601|636|989|99[035]|1719|172[03]|2049|3659|4045|4190|506[01]|6000|6566|666[5-9]|6679|6697|10080)$/;

/** The codes of undici for a request that it can't make, such as for its headers. */
const unmade: readonly unknown[] = ['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED'];

/** Whether `fetch` has refused a call by itself: it can't make a request of the call, or doesn't send one there. */
export function isNoRequest(error: unknown, { url, method, headers, body: kept, rest }: Write): boolean {
  const { name, errno, cause } = told(error);
  const { code } = told(cause);
  if (unmade.includes(code)) return true;
  // An error of a connection has a code or an errno, and an error of fetch itself has none.
  const isUrl = code === 'ERR_INVALID_URL';
  if (name !== 'TypeError' || errno !== undefined || (code !== undefined && !isUrl)) return false;
  if (!/^https?:$/.test(url.protocol) || blocked.test(url.port)) return true;
  // If fetch can't make a request, its error has no cause, except for an invalid URL.
  if (cause !== undefined && !isUrl) return false;
  // A page limits a body with `keepalive` (Fetch §4.6). Other runtimes treat it as any other body.
  if (rest.keepalive && kept && typeof location !== 'undefined' && !mayOutlive(kept.content)) return true;
  try {
    // The body itself is used up by now.
    const isRead = isStream(rest.body) || Symbol.asyncIterator in Object(rest.body);
    const body = isRead ? new ReadableStream() : null;
    return !new Request(url, { headers: [...headers], ...rest, method, body, signal: null });
  } catch {
    return true;
  }
}
