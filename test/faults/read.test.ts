import { describe } from 'vitest';
import { looks, reReads } from './matrix.ts';
import { runCases } from './suite.ts';

describe('a write that is refused, and whose re-read meets a fault', () => runCases(reReads));
describe('a write that gets no answer, and whose re-read meets a fault', () => runCases(looks));
