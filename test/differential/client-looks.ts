import { told } from './looks.ts';

type Note = (what: string, ...details: readonly unknown[]) => void;
type Shortcut = 'json' | 'text' | 'blob' | 'arrayBuffer' | 'bytes' | 'formData';
type Promised = Promise<Response> & Record<Shortcut, (...args: readonly unknown[]) => Promise<unknown>>;

const schema = (isValid: boolean): unknown => ({
  '~standard': {
    version: 1,
    vendor: 'own',
    validate: (value: unknown) =>
      isValid ? { value: { seen: value } } : { issues: [{ message: 'No', path: ['a'] }] },
  },
});

/** Looks at what a verb gives in one of ky's ways. Rejects as that does; what else is seen is noted. */
export async function lookAtPromise(promise: Promised, way: string, note: Note): Promise<unknown> {
  const shortcuts: readonly string[] = ['json', 'text', 'blob', 'arrayBuffer', 'bytes', 'formData'];
  const looked = async (read: () => unknown): Promise<void> => note(way, await told(read));
  if (shortcuts.includes(way)) {
    const reading = promise[way as Shortcut]();
    const value = await reading;
    await looked(() => value);
    return await promise;
  }
  const arguments_: Readonly<Record<string, unknown>> = {
    'json(null)': null,
    'json(undefined)': undefined,
    'json(schema)': schema(true),
    'json(failing schema)': schema(false),
  };
  if (way in arguments_) {
    const value = await promise.json(arguments_[way]);
    await looked(() => value);
    return await promise;
  }
  if (way === 'text twice') {
    const [one, other] = await Promise.allSettled([promise.text(), promise.text()]);
    note(way, one.status, other.status);
    return await promise;
  }
  const response = await promise;
  if (way === 'json of the answer') await looked(() => response.json());
  if (way === 'after the answer') await looked(() => promise.json());
  if (way === 'clone') await looked(() => response.clone().json());
  return response;
}
