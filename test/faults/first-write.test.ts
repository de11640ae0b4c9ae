import { describe } from 'vitest';
import { firstWrites } from './matrix.ts';
import { runCases } from './suite.ts';

describe('a write whose first send meets a fault', () => runCases(firstWrites));
