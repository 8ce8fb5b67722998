import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/explore/decode.ts';
import { backwards, canonical, encode } from '../../src/explore/encode.ts';
import { refusalOf, tries } from './kit.ts';

/** What a machine could tell apart, written down without any encoding. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const [ofA, ofB] = [Reflect.ownKeys(a), Reflect.ownKeys(b)];
  const field = (of: object, key: PropertyKey) => Object.getOwnPropertyDescriptor(of, key)?.value as unknown;
  return ofA.length === ofB.length && ofA.every((key) => Object.hasOwn(b, key) && isSame(field(a, key), field(b, key)));
}

/** Few values, and those that are easily taken for one another, so that many pairs are equal or nearly so. */
const atom = fc.constantFrom<unknown>(
  ...[null, undefined, true, false, 0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, 0n, 1n, -1n, 2 ** 53, 1e21],
  ...['', '0', '-0', '1n', 'null', 'undefined', 'NaN', 'true', '[]', '{}', '~{}', '"', '\\', '","', '\u2028'],
  ...['\ud800', '\udc00', '\ud800\udc00', '\\ud800', '\ufffd'],
);
const key = fc.constantFrom('a', 'b', '', '0', '10', '9', 'length', '__proto__', 'constructor', 'a":1,"b', '\ud800');
const { value } = fc.letrec<{ value: unknown; array: unknown[]; object: object }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, withCrossShrink: true }, atom, tie('array'), tie('object')),
  array: fc.array(tie('value'), { maxLength: 3 }),
  object: fc
    .tuple(fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }), fc.boolean())
    .map(([fields, bare]) => objectOf(fields, bare)),
}));

/** An object with these fields in this order; a key called __proto__ is one of its own. */
function objectOf(fields: readonly (readonly [string, unknown])[], bare: boolean): object {
  const made = Object.create(bare ? null : Object.prototype) as object;
  for (const [name, item] of fields) {
    Object.defineProperty(made, name, { value: item, enumerable: true, configurable: true, writable: true });
  }
  return made;
}

/** The same data with the keys of every object as they were written last. */
function rewritten(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(rewritten);
  const fields = Object.entries(Object.getOwnPropertyDescriptors(data)).reverse();
  return objectOf(
    fields.map(([name, property]) => [name, rewritten(property.value)]),
    Object.getPrototypeOf(data) === null,
  );
}

const isFrozen = (data: unknown): boolean =>
  typeof data !== 'object' || data === null || (Object.isFrozen(data) && Object.values(data).every(isFrozen));

describe('two values have one encoding exactly where they are the same', () => {
  test('any two', () => {
    let equal = 0;
    fc.assert(
      fc.property(value, value, (a, b) => {
        if (isSame(a, b)) equal++;
        return (encode(a, 'a') === encode(b, 'b')) === isSame(a, b);
      }),
      tries(20_000),
    );
    expect(equal).toBeGreaterThan(100);
  });

  test('a value and the same with its keys in another order', () => {
    fc.assert(
      fc.property(value, (a) => encode(a, 'a') === encode(rewritten(a), 'b')),
      tries(2_000),
    );
  });

  test.each<[what: string, a: unknown, b: unknown]>([
    ['NaN and null', Number.NaN, null],
    ['-0 and 0', -0, 0],
    ['undefined and null', undefined, null],
    ['a field that is undefined and one that is missing', { a: undefined }, {}],
    ['a number and its digits', 1, '1'],
    ['a bigint and a number', 1n, 1],
    ['a bigint and its digits', 1n, '1n'],
    ['an empty array and an empty object', [], {}],
    ['an array and an object with its indices', ['x'], { 0: 'x' }],
    ['[[], []] and [[[]]]', [[], []], [[[]]]],
    ['an object and one without a prototype', {}, Object.create(null)],
    ['a lone surrogate and the escape for it', '\ud800', '\\ud800'],
    ['two lone surrogates', '\ud800', '\udc00'],
    ['a key of its own called __proto__ and none', JSON.parse('{"__proto__":{}}'), {}],
    ['a key with a quote in it and two keys', { 'a":1,"b': 1 }, { a: 1, b: 1 }],
    ['"constructor" as a key and none', { constructor: 1 }, {}],
  ])('%s are two', (_, a, b) => {
    expect(encode(a, 'a')).not.toBe(encode(b, 'b'));
  });

  test('NaN is itself, and the order of keys is nothing', () => {
    expect(encode(Number.NaN, 'a')).toBe(encode(0 / 0, 'b'));
    expect(encode({ a: 1, b: { c: 2, d: 3 } }, 'a')).toBe(encode({ b: { d: 3, c: 2 }, a: 1 }, 'b'));
  });

  test('what appears twice without containing itself is data', () => {
    const shared = { n: 1 };
    expect(encode([shared, { shared }], 'a')).toBe(encode([{ n: 1 }, { shared: { n: 1 } }], 'b'));
  });
});

describe('what has no value that could be compared is refused, with its place', () => {
  class Point {
    readonly x = 1;
  }
  class List extends Array<number> {}
  const ring: unknown[] = [];
  ring.push({ ring });
  const named = Object.assign([1], { name: 'x' });
  // as many own keys as an array of one has, and yet none of its indices
  const holed = Object.assign(new Array<number>(1), { name: 'x' });

  test.each<[what: string, data: unknown, at: string, why: string]>([
    ['a sparse array', { a: new Array(2) }, 'a', 'holes'],
    ['an array with a name', { a: named }, 'a', 'names'],
    ['an array with a name in place of an index', { a: holed }, 'a', 'holes'],
    ['an array with a symbol', Object.assign([1], { [Symbol('s')]: 1 }), '', 'names'],
    ['an array with a getter', Object.defineProperty([1], 0, { get: () => 1 }), '[0]', 'getter'],
    ['an array with a hidden index', Object.defineProperty([1], 0, { enumerable: false }), '[0]', 'hidden'],
    ['an array of a class', { list: List.of(1) }, 'list', 'List'],
    ['an array without a prototype', Object.setPrototypeOf([], null), '', 'a class'],
    ['a Map', [new Map()], '[0]', 'Map'],
    ['a Set', { a: { b: new Set() } }, 'a.b', 'Set'],
    ['a Date', { at: new Date(0) }, 'at', 'Date'],
    ['a RegExp', [[/x/]], '[0][0]', 'RegExp'],
    ['a boxed number', Object(1), '', 'Number'],
    ['a typed array', { bytes: new Uint8Array(1) }, 'bytes', 'Uint8Array'],
    ['a promise', { later: Promise.resolve() }, 'later', 'Promise'],
    ['an instance of a class', { a: [1, new Point()] }, 'a[1]', 'Point'],
    ['an object that inherits', Object.create({ a: 1 }), '', 'Object'],
    ['a function', { f: () => 1 }, 'f', 'a function'],
    ['a symbol', [Symbol('s')], '[0]', 'a symbol'],
    ['a symbol for a key', { a: { [Symbol('s')]: 1 } }, 'a', 'symbol for a key'],
    [
      'a getter',
      {
        a: {
          get b() {
            return 1;
          },
        },
      },
      'a.b',
      'getter',
    ],
    ['a hidden property', Object.defineProperty({}, 'a', { value: 1 }), 'a', 'hidden'],
    ['a cycle', ring, '[0].ring', 'contains it'],
  ])('%s', (_, data, at, why) => {
    const refusal = refusalOf(() => encode(data, 'mount: context'));
    expect(refusal.headline).toBe('mount: context: not plain data');
    expect(refusal.where).toBe(at === '' ? 'mount: context' : `mount: context, at ${at}`);
    expect(refusal.why).toContain(why);
    expect(refusal.instead).toContain('plain objects');
  });
});

describe('canonical data', () => {
  test('is the same data, and encodes alike', () => {
    fc.assert(
      fc.property(value, (data) => {
        const built = canonical(data);
        return isSame(built, data) && encode(built, 'a') === encode(data, 'b');
      }),
      tries(2_000),
    );
  });

  test('is frozen all the way down', () => {
    fc.assert(
      fc.property(value, (data) => isFrozen(canonical(data))),
      tries(2_000),
    );
  });

  test('does not show in which order the keys were written', () => {
    fc.assert(
      fc.property(value, (data) => {
        const order = (of: unknown): unknown =>
          typeof of === 'object' && of !== null ? Object.entries(of).map(([name, item]) => [name, order(item)]) : 0;
        expect(order(canonical(data))).toEqual(order(canonical(rewritten(data))));
      }),
      tries(2_000),
    );
    expect(Object.keys(canonical({ b: 1, a: 2, c: { y: 1, x: 2 } }))).toEqual(['a', 'b', 'c']);
  });

  test('keeps a key of its own called __proto__, and pollutes nothing', () => {
    const built = canonical(JSON.parse('{"__proto__":{"polluted":true},"a":1}') as { a: number });
    expect(Object.keys(built)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(built)).toBe(Object.prototype);
    expect('polluted' in built).toBe(false);
  });

  test('can be shown the other way round, and is the same data', () => {
    fc.assert(
      fc.property(value, (data) => {
        const built = backwards(data);
        return isSame(built, data) && encode(built, 'a') === encode(data, 'b') && isFrozen(built);
      }),
      tries(2_000),
    );
    expect(Object.keys(backwards({ b: 1, a: 2, c: { x: 1, y: 2 } }))).toEqual(['c', 'b', 'a']);
    expect(Object.keys(backwards({ c: { x: 1, y: 2 } }).c)).toEqual(['y', 'x']);
  });

  test('leaves what it was made from as it was', () => {
    const data = { b: [1], a: { c: 1 } };
    canonical(data);
    expect(Object.keys(data)).toEqual(['b', 'a']);
    data.b.push(2);
    expect(data).toEqual({ b: [1, 2], a: { c: 1 } });
  });
});

describe('what is decoded', () => {
  test('is the data that was encoded, frozen', () => {
    fc.assert(
      fc.property(value, (data) => {
        const decoded = decode(encode(data, 'a'));
        return isSame(decoded, data) && isFrozen(decoded);
      }),
      tries(5_000),
    );
    fc.assert(
      fc.property(fc.double(), (number) => Object.is(decode(encode(number, 'a')), number)),
      tries(2_000),
    );
  });

  test.each(['', '[', '[1', '[1 2]', '{1:2}', '{"a" 1}', '"a', '01x', 'nil', '1]', '--1', '~[]', '[,]'])(
    'is refused where it is no encoding: %s',
    (text) => {
      expect(() => decode(text)).toThrow('no encoding');
    },
  );
});
