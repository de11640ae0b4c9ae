import type { Recipe } from 'remerge';
import { change, changed, isDocument, type Document } from './document.ts';
import { SoldOut, type Entry, type Ledger } from './ledger.ts';

/** What a recipe may do besides making its change. */
export interface Surroundings {
  readonly ledger: Ledger;
  readonly pause: (delay: number) => Promise<void>;
  /** Makes an update of the same resource. */
  readonly nest: () => Promise<unknown>;
  /** How users are told apart, for the kind of a flaw. */
  readonly told: string;
}

/** The recipe of a call. */
export function recipeOf(entry: Entry, { ledger, pause, nest, told }: Surroundings): Recipe {
  const { id, name, call } = entry;
  return (draft: unknown): unknown => {
    if (!isDocument(draft)) {
      ledger.flaw('no document', `${id} was given ${JSON.stringify(draft)}`);
      throw new SoldOut();
    }
    if (draft.name !== name)
      ledger.flaw(`shown another's: ${told}`, `${id} for ${name} was given ${draft.name}`);
    const make = (): void => change(draft, id, call.isIdempotent);
    switch (call.manner) {
      case 'appends':
        make();
        return undefined;
      case 'returns':
        return call.isIdempotent && draft.items.includes(id) ? draft : changed(draft, id);
      case 'waits':
        make();
        return pause(call.takes);
      case 'hangs':
        make();
        return new Promise<void>(() => undefined);
      case 'throws':
        make();
        throw new SoldOut();
      case 'throws later':
        make();
        return pause(call.takes).then(() => {
          throw new SoldOut();
        });
      case 'nothing':
        return undefined;
      case 'nests':
        make();
        return nest().then(() => undefined);
      default:
        return oddly(draft, call.manner, id);
    }
  };
}

/** What an arrow gives that was written for what it does. */
function oddly(draft: Document, manner: string, id: string): unknown {
  if (manner === 'pushes') {
    draft.count += 1;
    return draft.items.push(id);
  }
  if (manner === 'true') return draft.items.includes('nothing') || draft.count >= 0;
  if (manner === 'number') return draft.count;
  if (manner === 'text') return draft.value;
  return manner === 'member' ? draft.items : null;
}
