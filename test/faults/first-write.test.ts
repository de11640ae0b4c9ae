import { describe } from 'vitest';
import { bareWrites, firstWrites } from './matrix.ts';
import { runCases } from './suite.ts';

describe('a write whose first send meets a fault', () => runCases(firstWrites));
describe('a write without a version that meets a fault', () => runCases(bareWrites));
