import type { Call } from '../model-server.ts';
import type { Network, Sender } from '../network.ts';
import { callOf } from '../wire.ts';
import { senderOf } from './credentials.ts';
import { isDocument, nameOf } from './document.ts';
import type { Ledger } from './ledger.ts';
import { toldOf, wayOf, type Scenario } from './scenario.ts';
import { callHeader, type DocumentServer } from './server.ts';

/** The client's way to the network, where each request is looked at as it goes out. */
export class Gate {
  readonly #network: Network;
  readonly #server: DocumentServer;
  readonly #ledger: Ledger;
  readonly #told: string;
  readonly #scenario: Scenario;

  constructor(network: Network, server: DocumentServer, ledger: Ledger, scenario: Scenario) {
    this.#network = network;
    this.#server = server;
    this.#ledger = ledger;
    this.#told = toldOf(scenario);
    this.#scenario = scenario;
  }

  /** A `fetch` that adds headers of its own to each request. */
  fetchWith(own: () => Readonly<Record<string, string>>): typeof fetch {
    return async (input, init) => {
      // Who is asking is seen now, whatever the body takes.
      const more = Object.entries(own());
      const call = await callOf(input, init);
      for (const [name, value] of more) call.headers.set(name, value);
      const request = input instanceof Request ? input : undefined;
      const redirect = init?.redirect ?? request?.redirect ?? 'follow';
      return this.#send(call, init?.signal ?? request?.signal, redirect);
    };
  }

  readonly fetch = this.fetchWith(() => ({}));

  async #send(call: Call, signal: AbortSignal | undefined, redirect: RequestRedirect): Promise<Response> {
    this.#inspect(call);
    const sender: Sender = { name: senderOf(call.headers) ?? 'nobody', isGone: false };
    const response = await this.#network.send(sender, this.#server, call, signal);
    const location = response.headers.get('location');
    if (response.status !== 302 || location === null || redirect === 'manual') return response;
    if (redirect === 'error')
      throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') });
    return redirected(await this.#send({ ...call, url: new URL(location, call.url).href }, signal, redirect));
  }

  /** What a user has asked for goes out as that user. */
  #inspect({ method, url, headers, body }: Call): void {
    const sender = senderOf(headers);
    if (sender === undefined) return;
    const marked = this.#ledger.find(headers.get(callHeader));
    if (marked && marked.user !== sender)
      this.#ledger.flaw(`sent as another: ${this.#told}`, `${method} for ${marked.id} as ${sender}`);
    if (method === 'GET' || body === '') return;
    const said: unknown = JSON.parse(body);
    if (!isDocument(said)) return;
    const name = nameOf(new URL(url).pathname.slice(1), sender);
    const kind = `in another document: ${wayOf(this.#scenario, name)}`;
    for (const id of said.items) {
      if (this.#server.has(name, id)) continue;
      const entry = this.#ledger.find(id);
      if (!entry) this.#ledger.flaw(kind, `${id} is sent to ${name}`);
      else if (entry.user !== sender)
        this.#ledger.flaw(`sent as another: ${this.#told}`, `${id} is sent to ${name} by ${sender}`);
      else if (entry.name !== name) this.#ledger.flaw(kind, `${id} of ${entry.name} is sent to ${name}`);
    }
  }
}

/** The answer of a fetch that has followed a redirect, and its copies. */
function redirected(response: Response): Response {
  const clone = response.clone.bind(response);
  Object.defineProperties(response, {
    redirected: { value: true },
    clone: { value: () => redirected(clone()) },
  });
  return response;
}
