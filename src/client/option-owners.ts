import type { Options } from 'ky';
import type { Overrides, RouteOptions } from '../options.ts';
import { settings } from '../shell/request.ts';

/** The owner of each option of a client: recovery alone, or recovery and ky. */
const ownerOf = {
  merge: 'recovery',
  onConflict: 'recovery',
  version: 'recovery',
  idempotent: 'recovery',
  reverts: 'recovery',
  means: 'recovery',
  writeId: 'recovery',
  idempotencyKey: 'recovery',
  methods: 'recovery',
  origin: 'recovery',
  patches: 'recovery',
  onStaleDelete: 'recovery',
  onGone: 'recovery',
  onExists: 'recovery',
  locate: 'recovery',
  createBy: 'recovery',
  createAt: 'recovery',
  writeBy: 'recovery',
  stateIn: 'recovery',
  compared: 'recovery',
  token: 'recovery',
  schema: 'recovery',
  statusCodes: 'recovery',
  conflict: 'recovery',
  remoteInConflict: 'recovery',
  readFrom: 'recovery',
  limit: 'recovery',
  timeout: 'both',
  totalTimeout: 'both',
  delay: 'recovery',
  backoffLimit: 'recovery',
  jitter: 'recovery',
  maxRetryAfter: 'recovery',
  maxBytes: 'recovery',
  parseJson: 'both',
  stringifyJson: 'both',
} as const satisfies Record<keyof RouteOptions, 'recovery' | 'both'>;

/** The options of a handle's call that are no overrides. */
const notOverrides: readonly string[] = [...settings, 'base', 'signal', 'headers', 'together'];

/** Returns the overrides among the options of a handle's call. */
export function overridesIn(options: object): Overrides {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !notOverrides.includes(name)));
}

/** Splits the options of a client into those for recovery and those for ky. */
export function splitOptions(options: object): [RouteOptions, Options] {
  const owners: Readonly<Record<string, string | undefined>> = ownerOf;
  const entries = Object.entries(options);
  return [
    Object.fromEntries(entries.filter(([name]) => owners[name])),
    Object.fromEntries(entries.filter(([name]) => owners[name] !== 'recovery')),
  ];
}
