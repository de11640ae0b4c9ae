import { createClient, set, threeWay, withConflictRecovery, type Resource, type RouteOptions } from 'remerge';
import { couchdb, kubernetes, nodeRed, type Server } from 'remerge/presets';
import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';

const Note = z.object({ _id: z.string(), _rev: z.string(), title: z.string(), tags: z.array(z.string()) });

describe('a route with a preset', () => {
  const api = createClient({
    baseUrl: 'https://server.test/',
    routes: {
      'db/:id': { merge: threeWay({ '/tags': set() }), schema: Note, server: couchdb() },
      'pods/:name': { schema: z.object({ spec: z.object({ n: z.number() }) }), server: kubernetes() },
      flows: { server: nodeRed() },
    },
  });

  it('has the type of its schema, as any other', () => {
    expectTypeOf(api.resource('db/:id', { id: 1 })).toEqualTypeOf<Resource<z.input<typeof Note>>>();
    expectTypeOf(api.resource('pods/:name', { name: 'a' })).toEqualTypeOf<
      Resource<{ spec: { n: number } }>
    >();
    expectTypeOf(api.resource('flows')).toEqualTypeOf<Resource>();
  });

  it('names members of its own beside those that its server manages', () => {
    const route: RouteOptions<z.input<typeof Note>> = {
      ...{ readOnly: ['/tags/*'], server: { ...couchdb(), readOnly: ['/_id', '/_rev', '/title'] } },
    };
    expectTypeOf(couchdb().readOnly).toEqualTypeOf<RouteOptions['readOnly']>();
    expectTypeOf(route.server?.readOnly).toEqualTypeOf<readonly string[] | undefined>();
  });

  it('is none of a kind: a preset is a plain value, for a wrapped fetch, too', () => {
    expectTypeOf(couchdb()).toEqualTypeOf<Server>();
    withConflictRecovery(fetch, { defaults: { merge: threeWay(), server: couchdb() } });
    withConflictRecovery(fetch, { routes: { 'db/:id': { merge: threeWay(), server: couchdb() } } });
  });
});
