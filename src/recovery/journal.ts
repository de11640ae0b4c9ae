import { leavesOpen } from '../core/outcome.ts';
import { formatVersion, type Version } from '../core/version.ts';
import { tell, type RecoveryEvent, type RecoveryListener } from '../events.ts';
import { addressOf, hide, type Attempt, type Ending, type Recovery } from '../report.ts';

type Untold<Event> = Event extends unknown ? Omit<Event, 'method' | 'url' | 'attempt'> : never;

/** One send of the write, as it is written down. */
interface Send {
  readonly wait: number;
  /** Looked up when somebody asks: a write without a conflict never does. */
  readonly version: () => Version | undefined;
  status?: number;
  isUnsent?: boolean;
  isOpen?: boolean;
}

/** What is written down of one write: its sends, and what is told to a listener. */
export interface Journal {
  readonly method: string;
  readonly url: string;
  /** What the write was stamped with. */
  writeId: string | undefined;
  /** @param attempt The send that the event belongs to. */
  readonly tell: (attempt: number, event: Untold<RecoveryEvent>) => void;
  /** A send begins. */
  readonly sending: (version: Send['version'], wait: number) => void;
  readonly answered: (answer: Response) => void;
  /** The last send came to no answer of the server's own, and maybe to none that tells whether the write was made. */
  readonly lost: (status: number | undefined, isOpen: boolean) => void;
  /** The last send has never left. */
  readonly unsent: () => void;
  readonly read: (attempt: number, answer: Response, version: Version | undefined) => void;
  /** The number of the last send. */
  readonly attempt: number;
  /**
   * Whether the server may have made the write though it didn't say so: it gave no answer, or none of its own. One that
   * sends a PUT elsewhere by 303 has made it, whatever is found there (RFC 9110 §15.4.4).
   */
  readonly maybeApplied: boolean;
  readonly report: (ending: Ending) => Recovery;
  /** The write is over. */
  readonly ended: (ending: Ending) => void;
}

export function openJournal(method: string, at: URL, listener: RecoveryListener | undefined): Journal {
  const url = addressOf(at);
  const sends: Send[] = [];
  let last: Send | undefined;
  let shown: Version | undefined;

  const journal: Journal = {
    method,
    url,
    writeId: undefined,
    tell(attempt, event) {
      if (listener) tell(listener, { method, url, attempt, ...event });
    },
    sending(version, wait) {
      sends.push((last = { version, wait }));
    },
    answered({ status, redirected }) {
      if (last) Object.assign(last, { status, isOpen: redirected });
      if (listener) journal.tell(sends.length, { kind: 'write', status, ...spell(last?.version()) });
    },
    lost(status, isOpen) {
      if (last) last.isOpen = isOpen;
      journal.tell(sends.length, { kind: 'lost', ...(status === undefined ? {} : { status }) });
    },
    unsent() {
      if (last) last.isUnsent = true;
    },
    read(attempt, { status }, version) {
      shown = version ?? shown;
      journal.tell(attempt, { kind: 'read', status, ...spell(version) });
    },
    get attempt() {
      return sends.length;
    },
    get maybeApplied() {
      return sends.some(
        ({ status = 0, isUnsent, isOpen = false }) =>
          !isUnsent && (isOpen || status < 200 || (status >= 300 && status < 400) || leavesOpen(status)),
      );
    },
    report(ending) {
      const attempts = sends.map(({ wait, status, version }, index): Attempt => {
        return { number: index + 1, wait, ...(status === undefined ? {} : { status }), ...spell(version()) };
      });
      const { writeId } = journal;
      const stamped = writeId === undefined ? {} : { writeId };
      const report = { method, url, attempts, ...spell(shown), ...stamped, ...ending };
      // They hold parts of the bodies, or what somebody else has put into an error: nobody is to log them by accident.
      return hide(report, 'conflicts', 'question', 'cause');
    },
    ended(ending) {
      if (listener) journal.tell(sends.length, { kind: 'end', recovery: journal.report(ending) });
    },
  };
  return journal;
}

function spell(version: Version | undefined): { readonly version?: string } {
  return version?.length ? { version: formatVersion(version) } : {};
}
