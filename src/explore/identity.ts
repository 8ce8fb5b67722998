import { StateMachine } from 'xstate';
import { encode } from './encode.ts';
import type { Identity } from './kept.ts';
import type { Composition, Model, Variant } from './model.ts';
import type { Limits } from './search.ts';

/**
 * What a search is of, by name: what was found may be gone on with where all of this is the same.
 *
 * Functions are told by their source. What they have closed over is not seen in it; an option is, by name, and the files that
 * a model was loaded from are for whoever has loaded them to add.
 */
export function identityOf(
  model: Model,
  variant: Variant,
  composition: Composition,
  judges: readonly { readonly name: string }[],
  { bail = false, limits: { depth } = {} }: { readonly bail?: boolean; readonly limits?: Limits },
): Identity {
  return {
    model: model.name,
    variant: variant.name,
    options: encode(variant.option, 'options'),
    properties: judges.map(({ name }) => name).join(', '),
    '--bail': bail ? `on, expecting ${encode(variant.expect, 'expectations')}` : 'off',
    '--max-depth': depth === undefined ? 'none' : String(depth),
    composition: textOf(composition),
  };
}

/** Everything that a composition says, functions by their source. */
function textOf(composition: Composition): string {
  const known = new Map<object, number>();
  const tell = (value: unknown): string => {
    if (typeof value === 'symbol') return String(value);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
      return encode(value, 'composition');
    const before = known.get(value);
    if (before !== undefined) return `#${before}`;
    known.set(value, known.size);
    if (Array.isArray(value)) return `[${value.map(tell).join()}]`;
    const shown = value instanceof StateMachine ? { config: value.config, does: value.implementations } : value;
    const fields = Object.entries(shown).map(([key, field]) => `${JSON.stringify(key)}:${tell(field)}`);
    return `${typeof value === 'function' ? value : ''}{${fields.join()}}`;
  };
  return tell(composition);
}
