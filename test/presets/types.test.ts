import { createClient, set, threeWay, withConflictRecovery, type Resource } from 'remerge';
import { couchdb, couchdbFields, kubernetes, kubernetesFields, nodeRed, type Preset } from 'remerge/presets';
import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';

const Note = z.object({ _id: z.string(), _rev: z.string(), title: z.string(), tags: z.array(z.string()) });

describe('a route with a preset', () => {
  const api = createClient({
    baseUrl: 'https://server.test/',
    routes: {
      'db/:id': {
        ...couchdb(),
        schema: Note,
        merge: threeWay({ ...couchdbFields(), '/tags': set() }),
      },
      'pods/:name': { ...kubernetes(), schema: z.object({ spec: z.object({ n: z.number() }) }) },
      flows: nodeRed(),
    },
  });

  it('has the type of its schema, as any other', () => {
    expectTypeOf(api.resource('db/:id', { id: 1 })).toEqualTypeOf<Resource<z.input<typeof Note>>>();
    expectTypeOf(api.resource('pods/:name', { name: 'a' })).toEqualTypeOf<
      Resource<{ spec: { n: number } }>
    >();
    expectTypeOf(api.resource('flows')).toEqualTypeOf<Resource>();
  });

  it('takes the rules of a preset beside its own, in a table of a known type and of none', () => {
    threeWay<z.input<typeof Note>>({ ...couchdbFields(), '/tags': set() });
    threeWay({ ...kubernetesFields(), '/spec/tags': set() });
    threeWay(kubernetesFields());
  });

  it('is none of a kind: a preset is plain options, for a wrapped fetch, too', () => {
    expectTypeOf(couchdb()).toEqualTypeOf<Preset>();
    withConflictRecovery(fetch, { ...couchdb(), merge: threeWay() });
    withConflictRecovery(fetch, { routes: { 'db/:id': { ...couchdb(), merge: threeWay() } } });
  });
});
