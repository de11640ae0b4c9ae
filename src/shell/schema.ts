import { formatPointer } from '../core/pointer.ts';

/** The part of the Standard Schema interface that validation needs (standardschema.dev). zod, valibot, arktype have it. */
export interface Schema<Value = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>;
    readonly types?: { readonly input: Value; readonly output: unknown } | undefined;
  };
}

type SchemaResult = { readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * Says where a value breaks its schema, in words with JSON Pointers; returns `undefined` if it doesn't. Only paths are
 * reported: messages of a schema may quote the value. The output of the schema is ignored: wire JSON is what gets written.
 */
export async function brokenAt(schema: Schema | undefined, value: unknown): Promise<string | undefined> {
  const result = await schema?.['~standard'].validate(value);
  const paths = result?.issues?.map(({ path = [] }) =>
    formatPointer(path.map((step) => String(typeof step === 'object' ? step.key : step))),
  );
  return paths && `At ${paths.join(', ')}.`;
}
