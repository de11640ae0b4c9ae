import { readFaults, writeFault, writeFaults } from './fault.ts';

/** A write that gets no answer: whether it was made is what the matrix is about. */
export const losses = writeFaults.filter(({ meaning }) => meaning === 'lost');
/** One of each kind: connection, time, status. */
export const fewLosses = losses.filter(({ name }) => /^(a lost connection|a hang|503)/.test(name));
/** One, before and after the commit. */
export const oneLoss = losses.filter(({ name }) => name.startsWith('503'));
/** One of each meaning, or a few. */
export const fewFaults = [
  ...fewLosses,
  ...writeFaults.filter(({ name }) => /^(429|401|404|304|302|307|a wrong ETag|bad JSON)/.test(name)),
];
/** Those that make a difference if they last. */
export const lastingFaults = readFaults.filter(({ meaning }) =>
  ['lost', 'throttled', 'old state', 'false version'].includes(meaning),
);

export const onTheWay = writeFault('a lost connection before the commit');
export const onTheWayBack = writeFault('a lost connection after the commit');
/** A read that is told that there is nothing. */
export const nothings = readFaults.filter(({ meaning }) => meaning === 'missing');
export const hangs = losses.filter(({ name }) => name.startsWith('a hang'));
