import type { Server } from '../../server.ts';
import type { Shape } from '../shape.ts';
import {
  contentful,
  cosmos,
  couchdb,
  elasticsearch,
  github,
  kubernetes,
  nodeRed,
  placement,
} from './documents.ts';
import { azureBlob, azureTable, fhir, googleStorage, odata, s3, solid, webdav } from './tags.ts';

const documents = { contentful, cosmos, couchdb, elasticsearch, github, kubernetes, nodeRed, placement };
const tags = { azureBlob, azureTable, fhir, googleStorage, odata, s3, solid, webdav };
const shapes: ReadonlyMap<string, Shape> = new Map(Object.entries({ ...documents, ...tags }));

/** The shape of a kind of server; plain HTTP for a kind that isn't known. */
export function shapeOf({ name = '' }: Server): Shape {
  return shapes.get(name) ?? {};
}
