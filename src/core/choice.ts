/** The choices for a delete whose target has changed. */
export type StaleDelete = 'fail' | 'delete';

/** The choices for a write whose target is gone. */
export type StaleWrite = 'fail' | 'recreate';

/** The choices for a write that creates a resource which exists already. */
export type Existing = 'fail' | 'adopt' | 'merge';
