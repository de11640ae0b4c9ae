import { Origin } from '../support/origin.ts';

/** The way in which a server tells of its operations. */
export interface JobWays {
  /** How often the monitor says that the operation goes on. Default: 2. */
  readonly looks?: number;
  /** The header that names the monitor. Default: `operation-location`. */
  readonly header?: string;
  /** Makes the answer of the monitor while the operation goes on. Default: 200 and a status. */
  readonly running?: () => Response;
  /** Makes the answer of the monitor once it is over. Default: 200 and a status. */
  readonly over?: (outcome: 'made' | 'conflict') => Response;
  /** The headers of the 202. */
  readonly accepted?: Readonly<Record<string, string>>;
}

/**
 * A server that takes writes on by 202 and makes them when its monitor has been asked often enough: then it compares the
 * version.
 */
export class JobServer extends Origin {
  readonly #jobs: { readonly write: Request; looks: number; made?: Promise<Response> }[] = [];

  constructor(body: unknown, ways: JobWays = {}) {
    super(body);
    const own = this.fetch;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      const { pathname } = new URL(request.url);
      const number = /^\/jobs\/(\d+)$/.exec(pathname)?.[1];
      if (number !== undefined) return this.#noting(request, await this.#monitor(Number(number), ways, own));
      if (request.method === 'GET') return own(request);
      this.#jobs.push({ write: request, looks: ways.looks ?? 2 });
      const { header = 'operation-location', accepted } = ways;
      const location = `/jobs/${String(this.#jobs.length - 1)}`;
      return this.#noting(
        request,
        new Response(null, { status: 202, headers: { [header]: location, ...accepted } }),
      );
    };
    Object.assign(this, { fetch });
  }

  #noting(request: Request, response: Response): Response {
    this.requests.push(request);
    this.log.push(`${request.method} ${new URL(request.url).pathname} ${String(response.status)}`);
    return response;
  }

  async #monitor(number: number, { running, over }: JobWays, own: typeof fetch): Promise<Response> {
    const job = this.#jobs[number];
    if (!job) return new Response(null, { status: 404 });
    if ((job.looks -= 1) >= 0) return running?.() ?? Response.json({ status: 'Running' });
    const { status } = await (job.made ??= own(job.write));
    const outcome = status < 300 ? 'made' : 'conflict';
    if (over) return over(outcome);
    return Response.json(
      outcome === 'made' ? { status: 'Succeeded' } : { status: 'Failed', error: { code: 'ConflictError' } },
    );
  }
}
