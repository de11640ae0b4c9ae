import type { Conflict as Contest } from '../core/conflict.ts';
import type { Sides } from '../core/resolution.ts';
import type { Trace } from '../core/trace.ts';
import type { Version } from '../core/version.ts';
import type { MergeContext } from '../merging.ts';
import type { Reason } from '../report.ts';
import type { Content, Representation } from '../shell/representation.ts';
import type { HttpRequest } from '../shell/transport.ts';

// The records that the stages take and give. None of them changes; the conductor alone says which stage follows.

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
  /** The state that it was built on; `undefined` for the caller's own request, and for one that creates the resource anew. */
  readonly latest?: Representation | undefined;
  /** The write id that it carries. */
  readonly writeId?: string | undefined;
  /** Whether the server says that it has made a part of it. */
  readonly isPart?: boolean;
}

/** The method and URL of a write. */
export interface Target {
  readonly method: string;
  readonly url: URL;
}

/** The outcome of a send. */
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
  /** The state that the refused write was built on; `undefined` for the caller's own request. */
  readonly latest?: Representation | undefined;
  /** The existing resource, if it isn't where the write went. */
  readonly target?: Target | undefined;
  /** The send of which the server says that it made a part. */
  readonly inDoubt?: Prepared | undefined;
}

/** The server has not answered for itself: whether the write was made is to be found out. */
export interface AmbiguousVerdict {
  readonly kind: 'ambiguous';
  /** The answer that doesn't tell; `undefined` where none came. */
  readonly response: Response | undefined;
  readonly sent: Prepared;
  /** The reason that a refusal would have had. */
  readonly reason: MergeContext['reason'];
  /** The send, if it may have been made. It wasn't with 429, if the request never left, or if the route says 'in-progress'. */
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

/** A verdict that recovery goes on from. */
export type Trouble = ConflictVerdict | AmbiguousVerdict | ResendVerdict;

/** The meaning of an answer. */
export type Verdict =
  /** The server's answer stands, whatever it is. */
  | { readonly kind: 'final'; readonly response: Response }
  | { readonly kind: 'rejected'; readonly response: Response | undefined; readonly failure: Reason }
  /** The operation that the server had taken on is done. `response` is the answer to the send, if one came. */
  | { readonly kind: 'finished'; readonly response: Response | undefined }
  | Trouble;

/** Whether the bounds let it go on, and after which wait. `last-look`: only to find out; nothing is sent any more. */
export type Pace =
  | { readonly kind: 'go' | 'last-look'; readonly delay: number }
  | { readonly kind: 'stop'; readonly failure: Reason };

/** The outcome of a read for a write. */
export type Reading =
  | { readonly kind: 'found'; readonly latest: Representation; readonly stalled: number }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly failure: Reason };

/** The proof that the latest state gives of the sends in doubt. */
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
      /** The trace of the sends in the latest state, if the write may be repeated. */
      readonly trace?: Trace;
    };

/** A stage that can't go on, and the failure that the write ends with. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly failure: Reason;
}

export function rejected(failure: Reason): Rejected {
  return { kind: 'rejected', failure };
}

/** The three states on one level. Each call gives copies of its own: the user's functions may change what they get. */
export type Aligned = { readonly kind: 'sides'; readonly sides: () => Sides } | Rejected;

/** The choice of the route and of the user's functions. */
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
  | Rejected;

/** A decision as a request. */
export type Built =
  | { readonly kind: 'ready'; readonly prepared: Prepared }
  /** It says nothing new. */
  | { readonly kind: 'unchanged' }
  | Rejected;

/** The state that is carried from one send to the next. It is replaced, never changed. */
export interface Progress {
  readonly target: Target;
  /** The last request, where it isn't the caller's own call. */
  readonly sent: Prepared | undefined;
  /** The sends that may have been made, though their answer was lost. */
  readonly inDoubt: readonly Prepared[];
  /** How many refusals in a row came though nothing but the version had changed. */
  readonly stalled: number;
  /** The error of the last send without an answer, while that send is in doubt. */
  readonly cause: unknown;
}
