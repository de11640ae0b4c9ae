/**
 * How long a test, or what prepares it, may take where it compiles, or starts processes or browsers, in milliseconds. Such a
 * start takes ten seconds where others use the machine as well.
 */
export const startingTime = 60_000;
