import { deadlock, type Property, unhandled } from '../explore/property.ts';
import type { Subject } from '../report/outcome.ts';

/**
 * The names of all that is claimed of a variant: its properties, their witnesses, and the two that every model has.
 * None where the variant cannot be built; checking it says why.
 */
export function propertiesOf({ model, variant }: Subject): string[] {
  try {
    const { properties } = model.build(variant.option);
    return [...new Set([...properties.flatMap(namesOf), deadlock, unhandled])];
  } catch {
    return [];
  }
}

const namesOf = (property: Property<never>): string[] =>
  'witness' in property && property.witness !== undefined ? [property.name, property.witness.name] : [property.name];
