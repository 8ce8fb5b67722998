import { createHash } from 'node:crypto';
import type { Viz } from '@viz-js/viz';
import type { AnyStateMachine } from 'xstate';
import { nameOfMachine } from '../../explore/anatomy.ts';
import type { Composition, Model, Variant } from '../../explore/model.ts';
import type { Report, VerdictKind } from '../../explore/verdict.ts';
import { chartOf } from '../html/chart.ts';
import { propertiesOf } from '../html/gather.ts';
import type { Chart, PropertyData } from '../html/page-data.ts';
import type { Sources, Written } from '../html/sources.ts';
import { expectedOf } from '../outcome.ts';
import { stateDiagram } from './statechart.ts';

/** A model of which every variant asked for has been checked. */
export interface Documented {
  /** As a reader would type it. */
  readonly file: string;
  readonly model: Model;
  readonly variants: readonly DocumentedVariant[];
}

export interface DocumentedVariant {
  readonly variant: Variant;
  readonly report: Report;
}

/** Where documents are made, and what there is besides. */
export interface Setting {
  /** Where the models, machines and properties of a model are written, by the model's file. */
  readonly sources: (file: string) => Sources;
  /** The way from the folder of the documents to a file of the specification, with slashes. */
  readonly wayTo: (file: string) => string;
  /** Pages in the folder that somebody else has made. */
  readonly others: readonly OtherPage[];
  readonly viz: Viz;
}

export interface OtherPage {
  /** Its name in the folder. */
  readonly file: string;
  readonly title: string;
  /** The anchors in it: what is called so in a model is explained there. */
  readonly anchors: readonly string[];
}

/** All that the pages tell. */
export interface Book {
  readonly models: readonly ModelEntry[];
  readonly machines: readonly MachineEntry[];
  readonly setting: Setting;
}

export interface ModelEntry extends Documented {
  /** The name of its page, without the ending. */
  readonly page: string;
  readonly written: Written | undefined;
  readonly compositions: readonly Composition[];
  /** Claims, then the two that every model has where a report speaks of them, then witnesses; each in the order of the model. */
  readonly properties: readonly PropertyData[];
  readonly actors: readonly CastEntry[];
}

/** An actor of a model, in all variants. */
export interface CastEntry {
  readonly actor: string;
  readonly machine: MachineEntry;
  /** How many there are of it; several numbers where variants differ. */
  readonly counts: readonly number[];
  readonly inputs: readonly unknown[];
}

export interface MachineEntry {
  readonly page: string;
  readonly name: string;
  readonly machine: AnyStateMachine;
  readonly written: Written | undefined;
  readonly chart: Chart;
  readonly diagram: readonly string[] | undefined;
  /** The models that have actors of it, with the names of these. */
  readonly uses: Map<ModelEntry, Set<string>>;
}

export function gather(documented: readonly Documented[], setting: Setting): Book {
  const machines = new Machines(setting);
  const pages = new PageNames();
  const models = documented.map(({ file, model, variants }): ModelEntry => {
    const sources = setting.sources(file);
    const compositions = variants.map(({ variant }) => model.build(variant.option));
    const entry = {
      ...{ file, model, variants, compositions },
      page: pages.of(model.name),
      written: sources.models.get(model.name),
      properties: orderedProperties(compositions, sources, variants),
      actors: castOf(compositions, (machine, actor) => machines.entry(machine, actor, sources, model)),
    };
    for (const { actor, machine } of entry.actors) {
      machine.uses.set(entry, (machine.uses.get(entry) ?? new Set()).add(actor));
    }
    return entry;
  });
  return { models, machines: machines.named(), setting };
}

/** What is found of a property, and what its variant expects. */
export const isSurprising = ({ variant }: DocumentedVariant, property: string, kind: VerdictKind): boolean =>
  expectedOf(variant, property) !== kind && kind !== 'unknown';

function orderedProperties(
  compositions: readonly Composition[],
  sources: Sources,
  variants: readonly DocumentedVariant[],
): PropertyData[] {
  const all = propertiesOf(compositions, sources);
  const own = new Set(all.map(({ name }) => name));
  const others = new Map<string, PropertyData>();
  for (const { property, of } of variants.flatMap(({ report }) => report.verdicts)) {
    if (!own.has(property)) others.set(property, { name: property, of });
  }
  const isWitness = ({ of }: PropertyData) => of === 'sometimes';
  return [...all.filter((each) => !isWitness(each)), ...others.values(), ...all.filter(isWitness)];
}

function castOf(
  compositions: readonly Composition[],
  entryOf: (machine: AnyStateMachine, actor: string) => MachineEntry,
): CastEntry[] {
  const cast = new Map<string, CastEntry & { readonly counts: number[]; readonly inputs: unknown[] }>();
  for (const [actor, { machine, inputs }] of compositions.flatMap(({ actors }) => Object.entries(actors))) {
    const entry = cast.get(actor) ?? { actor, machine: entryOf(machine, actor), counts: [], inputs: [] };
    cast.set(actor, entry);
    entry.inputs.push(...inputs);
    if (!entry.counts.includes(inputs.length)) entry.counts.push(inputs.length);
  }
  return [...cast.values()];
}

// -------------------------------------------------------------------------------------------------------------- machines

/** Every machine once. Those that a model makes anew for each variant are one where they look the same. */
class Machines {
  readonly #setting: Setting;
  readonly #byObject = new Map<AnyStateMachine, Drawn>();
  readonly #byLook = new Map<string, Drawn>();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  entry(machine: AnyStateMachine, actor: string, sources: Sources, model: Model): MachineEntry {
    const known = this.#byObject.get(machine);
    const written = sources.machines.get(machine.id);
    if (known !== undefined) {
      known.written ??= written; // one model may have two machines of this name, and another not
      return known;
    }
    const chart = chartOf(machine, this.#setting.viz);
    const diagram = stateDiagram(machine);
    const name = nameOfMachine(machine, actor);
    const look = JSON.stringify([name, written?.file ?? model.name, diagram ?? chart]);
    const drawn = this.#byLook.get(look) ?? {
      name,
      machine,
      written,
      chart,
      diagram,
      model,
      page: '',
      uses: new Map(),
    };
    this.#byLook.set(look, drawn);
    this.#byObject.set(machine, drawn);
    return drawn;
  }

  /** All of them by name. Of several that have one name each is told by the file that it is written in. */
  named(): MachineEntry[] {
    const pages = new PageNames();
    const all = [...this.#byLook.values()];
    const byName = Map.groupBy(all, ({ name }) => name);
    for (const drawn of all) {
      const { name, written, model } = drawn;
      const home = written === undefined ? model.name : stemOf(written.file);
      const isAlone = byName.get(name)!.length === 1 || home === name;
      drawn.page = pages.of(isAlone ? name : `${home}-${name}`);
    }
    return all.toSorted((a, b) => (a.page < b.page ? -1 : 1));
  }
}

type Drawn = { -readonly [K in keyof MachineEntry]: MachineEntry[K] } & { readonly model: Model };

const stemOf = (file: string): string =>
  file
    .split('/')
    .at(-1)!
    .replace(/\.[^.]*$/, '');

/** Names of files: what a thing is called, where every file system has such names, and otherwise something like it. */
class PageNames {
  readonly #taken = new Set<string>();

  of(name: string): string {
    const isPlain = /^[A-Za-z0-9][\w.-]{0,79}$/.test(name) && !name.endsWith('.');
    const like = name
      .slice(0, 40)
      .replaceAll(/[^\w-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '');
    const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
    const made = isPlain ? name : `${like}${like === '' ? '' : '-'}${digest}`;
    let own = made;
    for (let i = 2; this.#taken.has(own.toLowerCase()); i++) own = `${made}-${i}`;
    this.#taken.add(own.toLowerCase());
    return own;
  }
}
