import { deadlock, type Property, unhandled } from '../explore/property.ts';
import type { Subject } from '../report/outcome.ts';
import { findProperties } from './select.ts';

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

/**
 * Of the variants those that claim one of the properties that are named; all where none is. One that cannot be built stays: it is to be
 * said why.
 *
 * @throws UsageError where none claims it
 */
export function claiming(subjects: readonly Subject[], names: readonly string[]): Subject[] {
  if (names.length === 0) return [...subjects];
  const known = subjects.map(propertiesOf);
  if (known.some((all) => all.length > 0)) findProperties(new Set(known.flat()), names);
  return subjects.filter((_, i) => known[i]!.length === 0 || names.some((name) => known[i]!.includes(name)));
}

const namesOf = (property: Property<never>): string[] =>
  'witness' in property && property.witness !== undefined ? [property.name, property.witness.name] : [property.name];
