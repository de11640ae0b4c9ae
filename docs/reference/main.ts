import { writeFileSync } from 'node:fs';
import { pagePath, referencePage } from './page.ts';

writeFileSync(new URL(`../../${pagePath}`, import.meta.url), await referencePage());
