import type { ModelCode } from '../../explore/codes.ts';
import type { ErrorPage } from './page.ts';

export const models: Readonly<Record<ModelCode, ErrorPage>> = {
  'E-BUILD': {
    means:
      'The function build() of a model threw an error for the options of this variant, so there is nothing to explore.',
    example: "build: ({ kernel }) => compose(rooms[kernel].actors, …)    // rooms has no entry for kernel 'P3'",
    remedy:
      'Let build() compose a room for every assignment of the options, or take the value that has none out of the options.',
  },
  'E-COMPOSITION': {
    means: 'What build() returns is not what compose() makes: a part of it is missing or of another kind.',
    example:
      'build: () => ({ actors: { lock: machine } })    // not composed, and the machine is not placed by start()',
    remedy:
      'Return compose({ lock: start(machine) }, { wires, spontaneous, properties }). In TypeScript the compiler says where it differs.',
  },
  'E-KEY': {
    means:
      'A model or a variant has a word that Holdfast does not know. It would be a wish that nobody hears, so it is refused.',
    example: "variants: { P6: { expects: { deadlock: 'violated' } } }    // it is called expect",
    remedy: 'Use one of the words that the error lists. docs/semantics.md says what each means.',
  },
  'E-NO-VARIANTS': {
    means: 'The model lists its variants, and there are none. Nothing would be checked, and nothing found wrong.',
    example: 'variants: {}',
    remedy: 'Name a variant, or leave "variants" out: then every assignment of the options is one.',
  },
  'E-OPTION': {
    means: 'An option is named that the model does not have: by one of its variants, by --option, or by a test.',
    example: 'holdfast check models/race.ts --option clercs=2',
    remedy: 'holdfast list FILE shows the options of a model with their values.',
  },
  'E-OPTION-VALUE': {
    means: 'An option is given a value that is not among those that the model lists for it.',
    example: 'options: { clerks: [1, 2] }, variants: { crowd: { option: { clerks: 9 } } }',
    remedy:
      'Take one of the values, or add the new one to the list of the option: the first of the list is the default.',
  },
  'E-OPTION-VALUES': {
    means:
      'An option has no values, or one of them twice. Variants that cannot be told apart by their names would come of it.',
    example: 'options: { lock: [] }',
    remedy: 'List every value once: options: { lock: [false, true] }.',
  },
  'E-REPLICAS': {
    means: 'replicate() was asked for a number of actors that is none.',
    example: 'replicate(thread, 1.5)',
    remedy: 'Give a whole number from 0 on.',
  },
  'E-VARIANT': {
    means: 'A variant is named that no model has of those that were found.',
    example: 'holdfast check models --variant togehter',
    remedy:
      'holdfast list --verbose shows the variants of every model. Without "variants" they are called after their options: lock=true.',
  },
  'E-VERDICT': {
    means: 'A variant expects of a property something that is no verdict.',
    example: "expect: { 'no update is lost': 'fails' }",
    remedy: 'Expect holds, violated, unreached, vacuous or unknown. Whatever is not named is expected to hold.',
  },
  'E-WHICH-VARIANT': {
    means: 'Random runs are asked for of a model with several variants, and it is not said of which.',
    example: 'fc.property(runs(race), …)    // race has the variants locked and unlocked',
    remedy: "runs(race, 'locked'), or by its options: runs(race, { option: { locked: true } }).",
  },
};
