export function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}

export function isListOf(test: (item: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(test);
}

export function isBudget(value: unknown): boolean {
  const names = ['tokens', 'conflict', 'failure', 'success'];
  if (!isObject(value)) return value === false;
  return Object.entries(value).every(
    ([name, amount]) => names.includes(name) && (amount === undefined || isAmount(amount)),
  );
}

export function isReadable(value: unknown): boolean {
  return isObject(value) && 'in' in value && value.in !== 'query';
}

export function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
}

/** Whether a value is a token of RFC 9110 §5.6.2. */
export function isHeaderName(value: unknown): boolean {
  return typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(value);
}

export function parses(parse: (text: string) => unknown, value: unknown): boolean {
  try {
    parse(value as string);
    return typeof value === 'string';
  } catch {
    return false;
  }
}

/**
 * Whether a value is a version option. A version of several parts is written to as many places; a version of one part
 * may go to any number of places. A query can't be read from.
 */
export function isVersion(value: unknown): boolean {
  const isCarrier = (item: unknown): boolean => isObject(item) && 'in' in item;
  const isAll = (test: (item: unknown) => boolean, item: unknown): boolean =>
    Array.isArray(item) ? item.every(test) : test(item);
  if (!isObject(value) || !('read' in value)) return isAll(isReadable, value);
  const count = (item: unknown): number => (Array.isArray(item) ? item.length : 1);
  const { read, write, remove = write, absent = 'creates' } = value;
  const isWrite = (item: unknown): boolean =>
    isAll(isCarrier, item) && count(item) > 0 && (count(read) === 1 || count(read) === count(item));
  return absent === 'creates' && isAll(isReadable, read) && isWrite(write) && isWrite(remove);
}
