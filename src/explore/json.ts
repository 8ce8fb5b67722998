/**
 * Plain data as JSON, and back: what a model's messages and contexts may hold is more than JSON has a form for.
 *
 * What JSON lacks is an object of one field that begins with `#`: `{"#bigint": "10"}`, `{"#number": "NaN"}` (also
 * `Infinity`, `-Infinity` and `-0`), `{"#undefined": true}`, `{"#bare": {…}}` (without a prototype). An object that
 * looks like one of these is `{"#object": {…}}`. The first is as in the Informal Trace Format.
 */
export function toJson(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return { '#bigint': String(value) };
    case 'undefined':
      return { '#undefined': true };
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { '#number': Object.is(value, -0) ? '-0' : String(value) };
    case 'object':
      return value === null ? null : objectToJson(value);
    default:
      return value;
  }
}

/** What {@link toJson} has made of something. */
export function fromJson(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJson);
  const keys = Object.keys(json);
  const inside = keys.length === 1 ? (json as Record<string, unknown>)[keys[0]!] : undefined;
  switch (keys.length === 1 ? keys[0] : undefined) {
    case '#bigint':
      return BigInt(String(inside));
    case '#number':
      return Number(inside);
    case '#undefined':
      return undefined;
    case '#bare':
      return mapped(inside as object, fromJson, Object.create(null) as object);
    case '#object':
      return mapped(inside as object, fromJson);
    default:
      return mapped(json, fromJson);
  }
}

function objectToJson(value: object): unknown {
  if (Array.isArray(value)) return value.map(toJson);
  const fields = mapped(value, toJson);
  if (Object.getPrototypeOf(value) === null) return { '#bare': fields };
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0]!.startsWith('#') ? { '#object': fields } : fields;
}

/** Fields are defined, not assigned: one may be called `__proto__`. */
function mapped(value: object, map: (field: unknown) => unknown, into: object = {}): object {
  for (const [key, field] of Object.entries(value)) {
    Object.defineProperty(into, key, { value: map(field), enumerable: true, writable: true, configurable: true });
  }
  return into;
}
