import { leavesOpen } from '../core/verdict.ts';
import { formatVersion, type Version } from '../core/version.ts';
import { tell, type RecoveryEvent, type RecoveryListener } from '../events.ts';
import type { StateAfter } from '../outcomes.ts';
import { addressOf, hide, type Attempt, type Outcome, type Recovery } from '../report.ts';
import type { Route } from '../route.ts';
import type { Operation } from '../operation.ts';
import type { BodySnapshot } from '../shell/body.ts';
import type { HeaderFields } from '../shell/kept-headers.ts';
import type { Content } from '../shell/representation.ts';
import type { Write } from '../shell/transport.ts';
import { askedVersion } from './intent.ts';

type Untold<Event> = Event extends unknown ? Omit<Event, 'method' | 'url' | 'attempt'> : never;

/** The part of a prepared request that reports tell. */
interface Sent {
  readonly version: Version | undefined;
  readonly writeId: string | undefined;
}

/** One send, and what is known of it. */
interface Send {
  readonly wait: number;
  status: number | undefined;
  isUnsent: boolean;
  isOpen: boolean;
  readonly sent: Sent | undefined;
}

/** The state that a write left, where that is known. */
export interface Left {
  readonly content: Content;
  /** The headers that say what it is. */
  readonly described: HeaderFields;
  /** Looked up when a caller asks for it. */
  readonly version: () => Version | undefined;
}

/**
 * The record of one write: its sends, from which events and the report are made. A class,
 * as every write makes one, and holding no more of the write than it tells.
 */
export class Journal {
  readonly method: string;
  readonly #url: URL;
  readonly #headers: HeaderFields;
  readonly #body: BodySnapshot | undefined;
  readonly #route: Route;
  readonly #listener: RecoveryListener | undefined;
  readonly #sends: Send[] = [];
  #shown: Version | undefined;
  #outcome: Outcome | undefined;
  #left: Left | undefined;
  #report: Recovery | undefined;
  /** The write id of the last send that carried one. */
  #writeId: string | undefined;
  /** The operation that the last send has begun, while that goes on. */
  #operation: Operation | undefined;

  constructor(
    { method, url, headers, body }: Pick<Write, 'method' | 'url' | 'headers' | 'body'>,
    route: Route,
    listener: RecoveryListener | undefined,
  ) {
    this.method = method;
    this.#url = url;
    this.#headers = headers;
    this.#body = body;
    this.#route = route;
    this.#listener = listener;
  }

  /** The address of the write, without query and credentials. */
  get url(): string {
    return addressOf(this.#url);
  }

  /** @param attempt The send that the event belongs to. */
  tell(attempt: number, event: Untold<RecoveryEvent>): void {
    if (this.#listener)
      tell(this.#listener, hide({ method: this.method, url: this.url, attempt, ...event }, 'operation'));
  }

  /**
   * A send begins.
   *
   * @param sent What is sent; `undefined` for the caller's own call, whose version is looked up when the report is made.
   */
  sending(sent: Sent | undefined, wait: number): void {
    this.#writeId = sent?.writeId ?? this.#writeId;
    this.#sends.push({ wait, status: undefined, isUnsent: false, isOpen: false, sent });
  }

  #versionOf(sent: Sent | undefined): Version | undefined {
    if (sent) return sent.version;
    const { content = '' } = this.#body ?? {};
    const asked = { method: this.method, url: this.#url, headers: this.#headers };
    return askedVersion(asked, this.#route, content instanceof Blob ? '' : content);
  }

  answered({ status, redirected }: Response): void {
    const send = this.#sends.at(-1);
    if (send) {
      send.status = status;
      send.isOpen = redirected;
    }
    if (this.#listener)
      this.tell(this.#sends.length, { kind: 'write', status, ...spell(this.#versionOf(send?.sent)) });
  }

  /** The last send came to no answer of the server's own, and maybe to none that tells whether the write was made. */
  lost(status: number | undefined, isOpen: boolean): void {
    const send = this.#sends.at(-1);
    if (send) send.isOpen = isOpen;
    this.tell(this.#sends.length, { kind: 'lost', ...(status === undefined ? {} : { status }) });
  }

  /** The last send has begun an operation, which goes on. */
  pending(operation: Operation): void {
    this.#operation = operation;
    this.tell(this.#sends.length, { kind: 'accepted', operation });
  }

  /** The operation is over, or nothing is told of it any more. */
  done(): void {
    this.#operation = undefined;
  }

  /** The last send has never left. */
  unsent(): void {
    const send = this.#sends.at(-1);
    if (send) send.isUnsent = true;
  }

  /** Whether the last send has never left. */
  get isUnsent(): boolean {
    return this.#sends.at(-1)?.isUnsent === true;
  }

  read(attempt: number, { status }: Response, version: Version | undefined): void {
    this.#shown = version ?? this.#shown;
    this.tell(attempt, { kind: 'read', status, ...spell(version) });
  }

  /** The number of the last send. */
  get attempt(): number {
    return this.#sends.length;
  }

  /**
   * Whether the server may have made the write though it didn't say so: it gave no answer, or none of its own. One that
   * sends a PUT elsewhere by 303 has made it, whatever is found there (RFC 9110 §15.4.4).
   */
  get maybeApplied(): boolean {
    if (this.#operation) return true;
    return this.#sends.some(
      ({ status = 0, isUnsent, isOpen }) =>
        !isUnsent && (isOpen || status < 200 || (status >= 300 && status < 400) || leavesOpen(status)),
    );
  }

  /** The write is over. */
  end(outcome: Outcome, left: Left | undefined): void {
    this.#outcome = outcome;
    this.#left = left;
    const { batch } = this.#route;
    if (batch) batch.onEnd(this);
    // A listener gets one of its own: it can't change what others are told.
    else if (this.#listener) this.tell(this.#sends.length, { kind: 'end', recovery: this.#makeReport() });
  }

  get isRefused(): boolean {
    return this.#outcome?.outcome === 'failed';
  }

  get written(): StateAfter | undefined {
    if (!this.#left) return undefined;
    const { content, described, version } = this.#left;
    return { content, type: described.get('content-type') ?? 'application/json', version: version() };
  }

  /** The same for everybody who asks, once the write is over. */
  get report(): Recovery {
    return (this.#report ??= this.#makeReport());
  }

  #makeReport(): Recovery {
    const attempts = this.#sends.map(({ wait, status, sent }, index): Attempt => {
      const shown = status === undefined ? {} : { status };
      return { number: index + 1, wait, ...shown, ...spell(this.#versionOf(sent)) };
    });
    const stamped = this.#writeId === undefined ? {} : { writeId: this.#writeId };
    const report = {
      method: this.method,
      url: this.url,
      attempts,
      ...spell(this.#shown),
      ...stamped,
      ...(this.#operation && { operation: this.#operation }),
      ...this.#outcome,
    } as Recovery;
    // These members hold parts of bodies, or foreign errors: they must not get into a log by accident.
    return hide(report, 'conflicts', 'question', 'cause', 'operation');
  }
}

function spell(version: Version | undefined): { readonly version?: string } {
  return version?.length ? { version: formatVersion(version) } : {};
}
