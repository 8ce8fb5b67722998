import type { Viz } from '@viz-js/viz';
import type { AnyStateMachine } from 'xstate';
import { transitionsOf } from '../../explore/anatomy.ts';
import type { Composition } from '../../explore/model.ts';
import type { Property } from '../../explore/property.ts';
import type { Verdict } from '../../explore/verdict.ts';
import { type Checked, expectedOf, fileOf, messageOf, type Outcome, standingOf } from '../outcome.ts';
import { sectionsOf } from '../why.ts';
import { outcomeLabel, surpriseTexts } from '../words.ts';
import { chartOf } from './chart.ts';
import { Graph } from './graph.ts';
import type {
  ActorData,
  MachineData,
  ModelData,
  PageData,
  PropertyData,
  TransitionData,
  VariantData,
  VerdictData,
} from './page-data.ts';
import type { Sources, WrittenMachine } from './sources.ts';

/** What a report is about, besides what was found out. */
export interface Setting {
  /** Holdfast's version. */
  readonly version: string;
  /** The command line, without the command's name. */
  readonly args: readonly string[];
  readonly exit: number;
  readonly unchecked: number;
  /** Where the machines and properties of a model are written, by the model's file. */
  readonly sources: (file: string) => Sources;
  /** Of how many states all steps are written down, in the whole report; those of the runs are in any case. */
  readonly states: number;
  readonly viz: Viz;
}

/** How many states of all that is checked are looked at, for who asks what else could have happened. */
export const EMBEDDED_STATES = 4_000;

/** All that the page shows, and the graphs, for who goes on where they end: one for each variant, in the order of the page. */
export interface Gathered {
  readonly page: PageData;
  readonly graphs: readonly (readonly Graph[])[];
}

/** Gathers what the page shows of these outcomes. */
export function gather(outcomes: readonly Outcome[], setting: Setting): Gathered {
  const checked = outcomes.filter((outcome) => outcome.kind === 'checked');
  const machines = new Machines(setting);
  const share = Math.floor(setting.states / Math.max(1, checked.length));
  const models = [...Map.groupBy(checked, ({ subject }) => subject.file)].map(([file, variants]) => {
    const gathered = variants.map((one) => variantOf(one, machines, file, share));
    const { name, about, sources } = variants[0]!.subject.model;
    const properties = propertiesOf(
      gathered.map(({ composition }) => composition),
      setting.sources(file),
    );
    const model: ModelData = { name, about, file, sources, properties, variants: gathered.map(({ data }) => data) };
    return { model, graphs: gathered.map(({ graph }) => graph) };
  });
  const { version, args, exit, unchecked } = setting;
  return {
    page: {
      holdfast: version,
      args,
      exit,
      unchecked,
      models: models.map(({ model }) => model),
      machines: machines.all,
      errors: outcomes.flatMap((outcome) => {
        if (outcome.kind === 'checked') return [];
        const fault = outcome.kind === 'failed' ? outcome.fault : 'spec';
        return [{ file: fileOf(outcome), label: outcomeLabel(outcome), fault, message: messageOf(outcome) }];
      }),
    },
    graphs: models.map(({ graphs }) => graphs),
  };
}

// -------------------------------------------------------------------------------------------------------------- variants

interface GatheredVariant {
  readonly data: VariantData;
  readonly graph: Graph;
  readonly composition: Composition;
}

function variantOf(checked: Checked, machines: Machines, file: string, share: number): GatheredVariant {
  const { subject, report, surprises } = checked;
  const { name, about, option } = subject.variant;
  const { stats, limit, approximate, coverage, figures } = report;
  const composition = subject.model.build(option);
  const graph = new Graph(composition);
  const verdicts = report.verdicts.map((verdict) => verdictOf(verdict, graph, checked));
  graph.grow(share);
  const data: VariantData = {
    name,
    about,
    option,
    standing: standingOf(checked),
    surprises: surpriseTexts(surprises),
    args: subject.args,
    stats,
    ...(limit !== undefined && { limit }),
    ...(approximate !== undefined && { approximate }),
    ...(figures !== undefined && { figures }),
    verdicts,
    actors: actorsOf(composition, machines, file),
    tried: Object.fromEntries(
      (coverage ?? []).map(({ actor, transitions }) => [
        actor,
        transitions.map(({ locals, messages }) => [locals, messages] as const),
      ]),
    ),
    lamps: graph.lamps,
    graph: graph.data(),
  };
  return { data, graph, composition };
}

function verdictOf(verdict: Verdict, graph: Graph, { subject }: Checked): VerdictData {
  const { property, of, kind, steps, because, run, explanation } = verdict;
  const labels = run?.steps.map(({ label }) => label) ?? [];
  const why = run === undefined ? [] : sectionsOf(verdict, run).filter(([, lines]) => lines.length > 0);
  const { instead } = explanation ?? {};
  const good =
    typeof instead === 'object' ? [...labels.slice(0, instead.same), ...instead.steps.map(({ label }) => label)] : [];
  return {
    property,
    of,
    kind,
    expected: expectedOf(subject.variant, property),
    ...(steps !== undefined && { steps }),
    ...(because !== undefined && { because }),
    ...(run !== undefined && { run: graph.follow(labels) }),
    ...(why.length > 0 && { why }),
    ...(good.length > 0 && { instead: graph.follow(good) }),
  };
}

const actorsOf = ({ actors }: Composition, machines: Machines, file: string): ActorData[] =>
  Object.entries(actors).flatMap(([actor, { kind, machine, inputs }]) =>
    inputs.map((_, self) => ({ actor, self, several: kind === 'replicas', machine: machines.number(machine, file) })),
  );

/** Every property that a variant has, with its witness; the first variant that has it tells. */
export function propertiesOf(compositions: readonly Composition[], { properties }: Sources): PropertyData[] {
  const claimed = new Map<string, PropertyData>();
  const all = compositions.flatMap(({ properties: own }) => own as readonly Property<unknown>[]);
  for (const property of all.flatMap((each) => ('witness' in each && each.witness ? [each, each.witness] : [each]))) {
    const { name, kind, about } = property;
    if (claimed.has(name)) continue;
    const written = properties.get(name);
    claimed.set(name, {
      name,
      of: kind,
      ...(about !== undefined && { about }),
      ...('witness' in property && property.witness !== undefined && { witness: property.witness.name }),
      ...(written !== undefined && {
        at: { file: written.file, line: written.line },
        code: written.code,
        ...(written.doc !== undefined && { doc: written.doc }),
      }),
    });
  }
  return [...claimed.values()];
}

// -------------------------------------------------------------------------------------------------------------- machines

/** Every machine once, however many actors are of it. */
class Machines {
  readonly all: MachineData[] = [];
  readonly #numbers = new Map<AnyStateMachine, number>();
  readonly #setting: Setting;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  number(machine: AnyStateMachine, file: string): number {
    const known = this.#numbers.get(machine);
    if (known !== undefined) return known;
    const { sources, viz } = this.#setting;
    const written = sources(file).machines.get(machine.id);
    this.#numbers.set(machine, this.all.length);
    this.all.push({
      name: machine.id,
      ...(written !== undefined && { at: { file: written.file, line: written.line } }),
      ...(written?.doc !== undefined && { doc: written.doc }),
      transitions: transitionRows(machine, written),
      chart: chartOf(machine, viz),
    });
    return this.all.length - 1;
  }
}

function transitionRows(machine: AnyStateMachine, written: WrittenMachine | undefined): TransitionData[] {
  const met = new Map<string, number>();
  return transitionsOf(machine).map(({ definition, on, text }) => {
    const { source, meta } = definition;
    const key = `${source.id} ${on}`;
    const index = met.get(key) ?? 0;
    met.set(key, index + 1);
    const line = written?.lineOf(source.path, on, index);
    const step: unknown = (meta as { readonly step?: unknown } | undefined)?.step;
    return { text, ...(line !== undefined && { line }), ...(typeof step === 'string' && { step }) };
  });
}
