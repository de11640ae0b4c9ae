/** What is updated: a list to which every update adds its own id. */
export interface Note {
  readonly ids: readonly string[];
}

/** The note with one id more. */
export function withId<Some extends Note>(note: Some, id: string): Some {
  return { ...note, ids: [...note.ids, id] };
}
