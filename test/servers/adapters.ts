import type { Adapter } from './adapter.ts';
import { apache, apacheDigest } from './adapters/apache.ts';
import { azureBlob } from './adapters/azure-blob.ts';
import { azureTable } from './adapters/azure-table.ts';
import { cap } from './adapters/cap.ts';
import { commercetools } from './adapters/commercetools.ts';
import { cosmos } from './adapters/cosmos.ts';
import { couchdb } from './adapters/couchdb.ts';
import { example } from './adapters/example.ts';
import { fhir } from './adapters/fhir.ts';
import { jsonServer } from './adapters/json-server.ts';
import { lighttpd } from './adapters/lighttpd.ts';
import { mediawiki } from './adapters/mediawiki.ts';
import { nginx } from './adapters/nginx.ts';
import { nodeRed } from './adapters/node-red.ts';
import { placement } from './adapters/placement.ts';
import { radicale } from './adapters/radicale.ts';
import { solid } from './adapters/solid.ts';

/** Every server that the contract is run against. */
export const adapters: readonly Adapter[] = [
  couchdb,
  lighttpd,
  apache,
  apacheDigest,
  azureBlob,
  azureTable,
  cosmos,
  cap,
  commercetools,
  nodeRed,
  radicale,
  mediawiki,
  placement,
  solid,
  fhir,
  example,
  jsonServer,
  nginx,
];
