import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import ts from 'typescript-eslint';

/**
 * What a pure folder may not touch: the world is given to it as an argument.
 *
 * @type {import('eslint').Linter.RulesRecord}
 */
const impure = {
  'no-restricted-properties': [
    'error',
    {
      object: 'Math',
      property: 'random',
      message: 'Chance comes in as an argument (a seed must replay a run).',
    },
    {
      object: 'Date',
      property: 'now',
      message: 'Time comes in as an argument (a virtual clock must drive it).',
    },
    { object: 'performance', property: 'now', message: 'Time comes in as an argument.' },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: 'Time comes in as an argument.',
    },
    { selector: "CallExpression[callee.name='Date']", message: 'Time comes in as an argument.' },
  ],
  'no-restricted-globals': [
    'error',
    'fetch',
    'setTimeout',
    'setInterval',
    'queueMicrotask',
    'process',
    'console',
  ],
};

export default defineConfig(
  globalIgnores(['dist', 'coverage']),
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  ts.configs.stylisticTypeChecked,
  {
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: `${import.meta.dirname}/..` },
    },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })],
      'import-x/extensions': ['.ts', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      // A cycle makes a file impossible to read, test or move by itself.
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Numbers print as themselves in messages.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
    },
  },
  {
    // The compiler checks these as well, and knows what a runtime has.
    files: ['**/*.{js,cjs}'],
    rules: { 'no-undef': 'off' },
  },
  { files: ['src/core/**', 'src/merge/**'], rules: impure },
  {
    // One clock and one source of chance, so that a test can replace them.
    files: ['src/**'],
    ignores: ['src/core/**', 'src/merge/**', 'src/shell/clock.ts'],
    rules: {
      'no-restricted-properties': impure['no-restricted-properties'] ?? 'error',
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval'],
    },
  },
);
