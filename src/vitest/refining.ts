import { type Choice, chosen } from '../explore/choose.ts';
import type { Model, Variant } from '../explore/model.ts';
import { type Observe, refine } from '../explore/refine.ts';
import { SpecError } from '../explore/spec-error.ts';
import { counterexampleLines, refinementText } from '../report/refinement.ts';
import { plainScreen } from '../report/screen.ts';
import { safe } from '../report/text.ts';
import { type Checking, everyVariant, type Judgement } from './judgement.ts';

/** What `toRefine` may be told besides. */
export interface Refining extends Checking {
  /** The variant that is the specification; needed where the other model has several. */
  readonly of?: Choice & {
    /** What is observed of it, where the same is not called the same. */
    readonly observe?: Observe;
  };
  /** What is observed; by default all messages that both models know. */
  readonly observe?: Observe;
}

/** Whether every behaviour of every variant that is meant is a behaviour of the specification. */
export function refines(
  model: Model,
  specification: Model,
  { of = {}, observe, ...checking }: Refining = {},
): Judgement {
  const variant = theOnly(specification, of);
  const other = { model: specification, variant, ...(of.observe && { observe: of.observe }) };
  return everyVariant(model, checking, (own, settings) => {
    const found = refine({ model, variant: own, ...(observe && { observe }) }, other, settings);
    const names = [safe(`${model.name} ${own.name}`), safe(`${specification.name} ${variant.name}`)] as const;
    const said = refinementText(found, ...names);
    if (found.kind === 'refines') return { answer: 'yes', message: () => said };
    // what says nothing is what nobody wanted to say, with `not` or without
    if (found.kind !== 'refuted') return { answer: 'unknown', message: () => said };
    const told = () => [said, '', ...counterexampleLines(found, names[1], plainScreen(120))].join('\n');
    return { answer: 'no', message: told };
  });
}

function theOnly(specification: Model, of: Choice): Variant {
  const variants = chosen(specification, of);
  if (variants.length === 1) return variants[0]!;
  throw new SpecError(`${specification.name}: which variant is the specification?`, {
    code: 'E-SPECIFICATION',
    where: `toRefine(${specification.name})`,
    why: `it has ${variants.map(({ name }) => `"${name}"`).join(', ')}`,
    instead: `one of them: { of: { variant: ${JSON.stringify(variants[0]!.name)} } }`,
  });
}
