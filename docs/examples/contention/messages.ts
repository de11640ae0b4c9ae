import type { ClientName } from './clients.ts';
import type { Kind } from './documents.ts';

/** What a writer process is told. `go` follows when every writer has said that it is ready. */
export type Order =
  | {
      readonly kind: 'work';
      readonly client: ClientName;
      readonly writer: number;
      readonly edits: number;
      readonly urls: Readonly<Record<Kind, string>>;
    }
  | { readonly kind: 'go' };

/** What it tells. */
export type Report =
  /** It has read its first document, and is about to write. */
  { readonly kind: 'ready' } | ({ readonly kind: 'edited' } & Edited) | { readonly kind: 'finished' };

/** One edit that is over. */
export interface Edited {
  readonly writer: number;
  readonly mark: string;
  readonly on: Kind;
  readonly does: string;
  readonly acknowledged: boolean;
  readonly conflicts: number;
  /** What remerge did about it, a line for each event. */
  readonly story: readonly string[];
}
