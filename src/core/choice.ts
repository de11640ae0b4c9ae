/** What may become of a delete whose target has changed. */
export type StaleDelete = 'fail' | 'delete';

/** What may become of a write whose target is gone. */
export type StaleWrite = 'fail' | 'recreate';

/** What may become of a write that creates what exists. */
export type Existing = 'fail' | 'adopt' | 'merge';
