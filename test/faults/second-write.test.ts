import { describe } from 'vitest';
import { resends, secondWrites } from './matrix.ts';
import { runCases } from './suite.ts';

describe('a write whose merged value meets a fault', () => runCases(secondWrites));
describe('a write that is sent once more, and meets a fault again', () => runCases(resends));
