/** Adds an id to a note's list. Resolves when the server has it, and rejects where it was given up. */
export type Add = (note: string, id: string) => Promise<unknown>;

/** A way to make an update, made for one origin. */
export type Peer = (origin: string) => Add;
