import type { Choices } from './choices.ts';

export const settingChoices = {
  setting: {
    none: 30,
    'mode cors': 1,
    'mode same-origin': 1,
    'mode no-cors': 1,
    'mode navigate': 1,
    'mode misspelt': 1,
    'redirect follow': 1,
    'redirect error': 2,
    'redirect manual': 3,
    'redirect misspelt': 1,
    'cache no-store': 1,
    'cache only-if-cached': 1,
    'cache misspelt': 1,
    'credentials include': 1,
    'credentials omit': 1,
    'credentials misspelt': 1,
    'keepalive true': 2,
    'referrer of this origin': 1,
    'referrer empty': 1,
    'referrer malformed': 1,
    'referrerPolicy origin': 1,
    'referrerPolicy misspelt': 1,
    'integrity right': 1,
    'integrity wrong': 1,
    'integrity nonsense': 1,
    'window null': 1,
    'window wrong': 1,
    'priority low': 1,
    'priority misspelt': 1,
    'duplex half': 1,
    'duplex misspelt': 1,
    'signal wrong': 1,
  },
} as const satisfies Choices;

const given: Readonly<Record<string, unknown>> = {
  'mode misspelt': 'corss',
  'redirect misspelt': 'none',
  'cache misspelt': 'nostore',
  'credentials misspelt': 'incl',
  'keepalive true': true,
  'referrer of this origin': 'http://127.0.0.1/from',
  'referrer empty': '',
  'referrer malformed': 'http://[',
  'referrerPolicy misspelt': 'none',
  // Of the body that an answer has by default.
  'integrity right': 'sha256-AVq9f1zFei3ZS3WQ8ErYCEJzkF7jPsXOvq5iJ2qX+GI=',
  'integrity wrong': 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  'window null': null,
  'window wrong': 5,
  'priority misspelt': 'lowest',
  'duplex misspelt': 'full',
  'signal wrong': {},
};

/** A setting as a member of an init. */
export function giveSetting(setting: string): Readonly<Record<string, unknown>> {
  const [name = '', word] = setting.split(' ');
  if (name === 'none') return {};
  return { [name]: setting in given ? given[setting] : word };
}

const defaults: Readonly<Record<string, unknown>> = {
  mode: 'cors',
  redirect: 'follow',
  cache: 'default',
  credentials: 'same-origin',
  keepalive: false,
  referrer: 'about:client',
  referrerPolicy: '',
  integrity: '',
  window: undefined,
  priority: undefined,
};

/** What a call says to fetch besides what a server sees. */
export function settingsIn(input: unknown, init: unknown): Readonly<Record<string, unknown>> {
  const from = (where: unknown, name: string): unknown =>
    (Object(where) as Readonly<Record<string, unknown>>)[name];
  return Object.fromEntries(
    Object.entries(defaults).map(([name, usual]) => [name, from(init, name) ?? from(input, name) ?? usual]),
  );
}
