import { describe } from 'vitest';
import {
  bareWrites,
  creations,
  deletions,
  keyAnswers,
  oddities,
  versionsInBodies,
  yieldings,
} from './special-cases.ts';
import { runCases } from './suite.ts';

describe('a write without a version that meets a fault', () => runCases(bareWrites));
describe('a request that arrives late or twice, or that nobody waits for', () => runCases(oddities));
describe('a write to what may be gone', () => runCases(deletions));
describe('a write that creates what may exist', () => runCases(creations));
describe('a write with a key that the server has something to say about', () => runCases(keyAnswers));
describe('a write with its version in the body that meets a fault', () => runCases(versionsInBodies));
describe('a merge that leaves it at what others have made', () => runCases(yieldings));
