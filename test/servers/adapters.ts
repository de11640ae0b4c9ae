import type { Adapter } from './adapter.ts';
import { apache, apacheDigest } from './adapters/apache.ts';
import { azureBlob } from './adapters/azure-blob.ts';
import { azureTable } from './adapters/azure-table.ts';
import { cap } from './adapters/cap.ts';
import { commercetools } from './adapters/commercetools.ts';
import { couchdb } from './adapters/couchdb.ts';
import { example } from './adapters/example.ts';
import { jsonServer } from './adapters/json-server.ts';
import { lighttpd } from './adapters/lighttpd.ts';
import { mediawiki } from './adapters/mediawiki.ts';
import { nginx } from './adapters/nginx.ts';
import { nodeRed } from './adapters/node-red.ts';
import { placement } from './adapters/placement.ts';
import { radicale } from './adapters/radicale.ts';

/** Every server that the contract is run against. */
export const adapters: readonly Adapter[] = [
  couchdb,
  lighttpd,
  apache,
  apacheDigest,
  azureBlob,
  azureTable,
  cap,
  commercetools,
  nodeRed,
  radicale,
  mediawiki,
  placement,
  example,
  jsonServer,
  nginx,
];
