import { expect, it } from 'vitest';
import { mediaKind } from '../../src/core/media.ts';

it.each([
  ['application/json', 'json'],
  ['Application/JSON; charset=utf-8', 'json'],
  ['application/vnd.api+json', 'json'],
  ['text/plain', 'text'],
  ['text/markdown;charset=utf-8', 'text'],
  ['application/xml', 'text'],
  ['image/svg+xml', 'text'],
  ['image/png', 'bytes'],
  ['application/octet-stream', 'bytes'],
  ['application/jsonish', 'bytes'],
  ['application/json-seq', 'bytes'],
  ['x-application/json', 'bytes'],
  ['application/vnd.api+json-seq', 'bytes'],
  ['x-text/plain', 'bytes'],
  ['application/xml-dtd', 'bytes'],
  ['application/yaml', 'text'],
  ['application/yamlish', 'bytes'],
  ['application/json ; charset=utf-8', 'json'],
  ['', undefined],
  [' ', undefined],
  [null, undefined],
])('%j is merged as %j', (type, kind) => {
  expect(mediaKind(type)).toBe(kind);
});
