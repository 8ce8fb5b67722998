import { SpecError } from './spec-error.ts';

/**
 * The identity of data: a string for every value, different for values that a model can tell apart.
 *
 * `JSON.stringify` will not do: it makes one of NaN and null, -0 and 0, undefined and missing, a Map and {}. Each of
 * these would merge two states. Here every kind of value has a form of its own, object keys are sorted, and what has no
 * sound form (functions, class instances, accessors, cycles, holes) is refused.
 */
export function encode(value: unknown, where: string): string {
  return encodeAt(value, where, '', []);
}

/**
 * The same data built anew: keys in sorted order, frozen all the way down.
 *
 * Machines are only ever shown this form, so that nobody changes a state in place, and that two values with one encoding
 * cannot be told apart by the order of their keys. What depends on that order is found with {@link backwards}.
 */
export function canonical<T>(value: T): T {
  return rebuilt(value, (keys) => keys.sort());
}

/**
 * As {@link canonical}, the keys the other way round, and equal parts one object: the same value, to whoever looks neither
 * at the order of keys nor at whether two equal objects are one. Both are no part of a state.
 */
export function backwards<T>(value: T): T {
  return rebuilt(value, (keys) => keys.sort().reverse(), oneOfEqual);
}

/**
 * The code of data that was built here, once it has been asked for, and '' until then: as all of it is frozen, and has nothing but
 * values, it is the same for good.
 */
const codes = new WeakMap<object, string>();

/** Parts that were rebuilt backwards, by their code. Emptied when it is full: that costs a second opinion, no answer. */
const parts = new Map<string, object>();
const mostParts = 100_000;

function oneOfEqual<T extends object>(built: T): T {
  const code = encode(built, 'a part');
  const known = parts.get(code);
  if (known !== undefined) return known as T;
  if (parts.size >= mostParts) parts.clear();
  parts.set(code, built);
  return built;
}

function rebuilt<T>(
  value: T,
  inOrder: (keys: string[]) => string[],
  share: <P extends object>(built: P) => P = (built) => built,
): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return share(finished(value.map((item) => rebuilt(item, inOrder, share)))) as T;
  const copy = Object.create(Object.getPrototypeOf(value) as object | null) as object;
  for (const key of inOrder(Object.keys(value))) {
    // defineProperty, since assigning to a key called __proto__ would set the prototype
    const property = { value: rebuilt((value as Record<string, unknown>)[key], inOrder, share), enumerable: true };
    Object.defineProperty(copy, key, property);
  }
  return share(finished(copy)) as T;
}

function finished<T extends object>(built: T): T {
  codes.set(built, '');
  return Object.freeze(built);
}

function encodeAt(value: unknown, where: string, path: string, above: readonly object[]): string {
  switch (typeof value) {
    case 'undefined':
      return 'undefined';
    case 'boolean':
      return String(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'string':
      return JSON.stringify(value); // escapes quotes and lone surrogates, and is injective on strings
    case 'object':
      return value === null ? 'null' : encodeObject(value, where, path, above);
    default:
      throw notData(where, path, `a ${typeof value}`);
  }
}

function encodeObject(value: object, where: string, path: string, above: readonly object[]): string {
  const known = codes.get(value);
  if (known) return known;
  const code = encodeAnew(value, where, path, above);
  if (known === '') codes.set(value, code);
  return code;
}

function encodeAnew(value: object, where: string, path: string, above: readonly object[]): string {
  if (above.includes(value)) throw notData(where, path, 'a reference to something that contains it');
  const inside = [...above, value];
  if (Array.isArray(value)) return encodeArray(value, where, path, inside);
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== Object.prototype && prototype !== null) throw notData(where, path, instanceOf(prototype));
  const fields = Reflect.ownKeys(value).map((key) => {
    if (typeof key === 'symbol') throw notData(where, path, 'an object with a symbol for a key');
    const at = `${path}.${key}`;
    return [JSON.stringify(key), encodeAt(fieldOf(value, key, where, at), where, at, inside)] as const;
  });
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `${prototype === null ? '~' : ''}{${fields.map(([key, code]) => `${key}:${code}`).join(',')}}`;
}

/** An array has indices 0..length-1 and nothing else: holes and named properties would not survive canonical(). */
function encodeArray(array: readonly unknown[], where: string, path: string, inside: readonly object[]): string {
  const prototype = Object.getPrototypeOf(array) as object | null;
  if (prototype !== Array.prototype) throw notData(where, path, instanceOf(prototype));
  if (Reflect.ownKeys(array).length !== array.length + 1) throw notData(where, path, 'an array with holes or names');
  const items = Array.from({ length: array.length }, (_, i) => {
    if (!Object.hasOwn(array, i)) throw notData(where, path, 'an array with holes or names');
    const at = `${path}[${i}]`;
    return encodeAt(fieldOf(array, i, where, at), where, at, inside);
  });
  return `[${items.join(',')}]`;
}

/** An own property that is nothing but its value. */
function fieldOf(value: object, key: PropertyKey, where: string, at: string): unknown {
  const property = Object.getOwnPropertyDescriptor(value, key)!;
  if (!('value' in property)) throw notData(where, at, 'a getter or setter');
  if (!property.enumerable) throw notData(where, at, 'a hidden (not enumerable) property');
  return property.value;
}

const instanceOf = (prototype: object | null): string => `an instance of ${prototype?.constructor?.name ?? 'a class'}`;

const notData = (where: string, path: string, what: string): SpecError =>
  new SpecError(`${where}: not plain data`, {
    code: 'E-DATA',
    where: path === '' ? where : `${where}, at ${path.replace(/^\./, '')}`,
    why: `${what} has no value that could be compared, so two states with it could not be told apart or told equal`,
    instead: 'null, booleans, numbers, strings, bigints, arrays and plain objects of these',
  });
