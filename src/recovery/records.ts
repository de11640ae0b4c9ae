import type { Conflict as Contest } from '../core/conflict.ts';
import type { Sides } from '../core/resolution.ts';
import type { Trace } from '../core/trace.ts';
import type { Version } from '../core/version.ts';
import type { MergeContext } from '../merging.ts';
import type { Reason } from '../report.ts';
import type { Content, Representation } from '../shell/representation.ts';
import type { HttpRequest } from '../shell/transport.ts';

// What the stages of a recovery take and give. Each record stays as it is; the conductor alone says what follows what.

/** A request that is ready to be sent, and what is known of it. */
export interface Prepared {
  readonly request: HttpRequest;
  /**
   * `caller`: what the caller asked for, before anything was read. `conditional`: the same, under a version that was read.
   * `merged`: another.
   */
  readonly origin: 'caller' | 'conditional' | 'merged';
  /** The version that it carries. */
  readonly version?: Version | undefined;
  /** The whole state that it makes; `undefined` for a delete, and for a patch. */
  readonly state?: Content | undefined;
  /** What it was built on; `undefined` for the caller's own, and for one that creates anew what was deleted. */
  readonly latest?: Representation | undefined;
  /** The write id that it carries. */
  readonly writeId?: string | undefined;
  /** Whether the server says that it has made a part of it. */
  readonly isPart?: boolean;
}

/** Where a write goes, and by which method. */
export interface Target {
  readonly method: string;
  readonly url: URL;
}

/** What a send came to. */
export type SendResult =
  | { readonly kind: 'answered'; readonly response: Response }
  /** No answer came. `isUnsent`: the request never left. */
  | { readonly kind: 'unanswered'; readonly cause: unknown; readonly isUnsent: boolean };

/** The same, or that nothing was sent: the write names its base and no version, so it begins with a read. */
export type Answer = SendResult | { readonly kind: 'not-sent' };

/** The server refused the write because of the state that it has. */
export interface ConflictVerdict {
  readonly kind: 'conflict';
  /** `undefined` where nothing was sent. */
  readonly response?: Response | undefined;
  readonly reason: MergeContext['reason'];
  /** The version that was refused; `undefined` where the write carried none. */
  readonly refused?: Version | undefined;
  /** Whether the refused write asked for the resource to be new. */
  readonly creates: boolean;
  /** The state that the refusal itself carries. It is as fresh as the refusal. */
  readonly carried?: Representation | undefined;
  /** What the refused write was built on; `undefined` for the caller's own. */
  readonly latest?: Representation | undefined;
  /** Where the existing resource is, if not where the write went. */
  readonly target?: Target | undefined;
  /** What the server says that it has made a part of. */
  readonly inDoubt?: Prepared | undefined;
}

/** The server has not answered for itself: whether the write was made is to be found out. */
export interface AmbiguousVerdict {
  readonly kind: 'ambiguous';
  /** The answer that doesn't tell; `undefined` where none came. */
  readonly response: Response | undefined;
  readonly sent: Prepared;
  /** What a refusal would have meant. */
  readonly reason: MergeContext['reason'];
  /** What may have been made. Nothing was with 429, if it never left, or where the route says 'in-progress'. */
  readonly inDoubt?: Prepared | undefined;
  /** Whether the very same may be sent again without a read: it does no harm if it was made before. */
  readonly canResend: boolean;
  /** Whether reading the resource can tell what became of it. */
  readonly canBeRead: boolean;
}

/** The server wants the same again, with the token that its refusal shows. */
interface ResendVerdict {
  readonly kind: 'resend';
  readonly response: Response;
  readonly prepared: Prepared;
}

/** What a recovery goes on from. */
export type Trouble = ConflictVerdict | AmbiguousVerdict | ResendVerdict;

/** What an answer means. */
export type Verdict =
  /** The server's answer stands, whatever it is. */
  | { readonly kind: 'accepted'; readonly response: Response }
  | { readonly kind: 'rejected'; readonly response: Response; readonly failure: Reason }
  | Trouble;

/** Whether the bounds let it go on, and after which wait. `last-look`: only to find out; nothing is sent any more. */
export type Pace =
  | { readonly kind: 'go' | 'last-look'; readonly delay: number }
  | { readonly kind: 'stop'; readonly failure: Reason };

/** What a read for a write came to. */
export type Reading =
  | { readonly kind: 'found'; readonly latest: Representation; readonly stalled: number }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly failure: Reason };

/** What the latest state says of the sends in doubt. */
export type Evidence =
  | { readonly kind: 'applied' }
  /** The last send was not made: the very same may go out again. */
  | { readonly kind: 'not-applied'; readonly sent: Prepared }
  /** None was made: nothing is in doubt any more. */
  | { readonly kind: 'none-applied' }
  | {
      readonly kind: 'unclear';
      /** Whether the write may be made once more, onto a state that may hold it already. */
      readonly mayRepeat: boolean;
      /** What is seen of the sends, if it may. */
      readonly trace?: Trace;
    };

/** The three states on one level. Each call gives copies of its own: the user's functions may change what they get. */
export type Aligned =
  | { readonly kind: 'sides'; readonly sides: () => Sides }
  | { readonly kind: 'rejected'; readonly failure: Reason };

/** What the route and the user's functions choose. */
export type Decided =
  /** `by`: whether the merge made the value, or it is the caller's own onto the very state it was made of. */
  | { readonly kind: 'write'; readonly value: unknown; readonly by: 'caller' | 'merge' | 'person' }
  | { readonly kind: 'recreate' }
  | { readonly kind: 'delete'; readonly by: 'caller' | 'route' }
  | { readonly kind: 'keep' }
  /** It is left to a person. */
  | {
      readonly kind: 'undecided';
      readonly reason: string;
      readonly conflicts: readonly Contest[];
      readonly merged: unknown;
    }
  | { readonly kind: 'rejected'; readonly failure: Reason };

/** What a decision comes to as a request. */
export type Built =
  | { readonly kind: 'ready'; readonly prepared: Prepared }
  /** It says nothing new. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'rejected'; readonly failure: Reason };

/** What is carried from one send to the next. It is replaced, never changed. */
export interface Progress {
  readonly target: Target;
  /** What was sent last, where that isn't just what the caller asked for. */
  readonly sent: Prepared | undefined;
  /** The sends that may have been made, though their answer was lost. */
  readonly inDoubt: readonly Prepared[];
  /** How many refusals in a row came though nothing but the version had changed. */
  readonly stalled: number;
  /** What the last send without an answer rejected with, while that is in doubt. */
  readonly cause: unknown;
}
