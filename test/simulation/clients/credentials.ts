import { AsyncLocalStorage } from 'node:async_hooks';
import type { Scenario } from './scenario.ts';

/** Whom the code that runs is for, on a server. */
const asking = new AsyncLocalStorage<string>();

/** Who a request is from, by its headers, whether its token is still taken or not. */
export function senderOf(headers: Headers): string | undefined {
  const user = headers.get('x-user') ?? /^Bearer (\w+)-/.exec(headers.get('authorization') ?? '')?.[1];
  return user ?? undefined;
}

/** The users of one client, with their tokens. */
export class Credentials {
  /** Who is signed in, on a page. */
  signedIn: string | undefined;
  readonly #scenario: Pick<Scenario, 'place' | 'credential'>;
  readonly #serials = new Map<string, number>();

  constructor(scenario: Pick<Scenario, 'place' | 'credential'>) {
    this.#scenario = scenario;
  }

  /** For whom a request goes out that is made now. */
  get current(): string | undefined {
    return this.#scenario.place === 'page' ? this.signedIn : asking.getStore();
  }

  /** Lets somebody act. On a page that is for whoever signs in. */
  as(user: string, act: () => Promise<void>): Promise<void> {
    return this.#scenario.place === 'page' ? act() : asking.run(user, act);
  }

  /** What a request says for a user. */
  headersOf(user: string | undefined): Record<string, string> {
    if (user === undefined) return {};
    if (this.#scenario.credential === 'x-user') return { 'x-user': user };
    return { authorization: `Bearer ${user}-${this.#serials.get(user) ?? 1}` };
  }

  /** Has a new token for a user. */
  renew(user: string, serial: number): void {
    this.#serials.set(user, serial);
  }
}
