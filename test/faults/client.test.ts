import { describe } from 'vitest';
import { clients } from './matrix.ts';
import { runCases } from './suite.ts';

describe('a write of a client that meets a fault', () => runCases(clients));
