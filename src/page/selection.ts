import type { PageData, VariantData } from '../report/html/page-data.ts';
import { GraphView } from './graph-view.ts';
import { type Going, modelName, named, type Route } from './route.ts';
import type { Selected } from './selected.ts';
import { foremost } from './verdicts.ts';
import { common, type Said, saidAlong, type Walk, walkAlong } from './walk.ts';

/** Finds what an address means in a report, and keeps what it took to read it. */
export class Selections {
  readonly #data: PageData;
  readonly #graphs = new Map<VariantData, GraphView>();
  #walk:
    | {
        readonly graph: GraphView;
        readonly path: string;
        readonly size: number;
        readonly walk: Walk;
        readonly said: Said[][];
      }
    | undefined;

  constructor(data: PageData) {
    this.#data = data;
  }

  graphOf(variant: VariantData): GraphView {
    const known = this.#graphs.get(variant) ?? new GraphView(variant);
    this.#graphs.set(variant, known);
    return known;
  }

  of(route: Route): Omit<Selected, 'beyond'> | undefined {
    const model = named(this.#data.models, route.model, (each) => modelName(this.#data.models, each));
    const variant = model && named(model.variants, route.variant, ({ name }) => name);
    if (model === undefined || variant === undefined) return undefined;
    const graph = this.graphOf(variant);
    const verdict = route.property === '' ? undefined : verdictOf(variant, route.property);
    const run = verdict?.run ?? [];
    const { walk, said } = this.#along(graph, route.path ?? run);
    const shared = common(walk.path, run);
    const isOwn = route.path !== undefined && shared < walk.path.length;
    const at = Math.min(route.at ?? 0, walk.steps.length);
    return { model, variant, verdict, graph, walk, said, at, forkedAt: isOwn ? shared : undefined };
  }

  /** The same object for the same way, lest what is drawn of it be drawn at every step. */
  #along(graph: GraphView, path: readonly number[]): { walk: Walk; said: Said[][] } {
    const key = path.join();
    const known = this.#walk;
    if (known?.graph === graph && known.path === key && known.size === graph.size) return known;
    const walk = walkAlong(graph, path);
    this.#walk = { graph, path: key, size: graph.size, walk, said: saidAlong(graph, walk) };
    return this.#walk;
  }
}

function verdictOf(variant: VariantData, property: string | undefined) {
  const asked = property === undefined ? undefined : named(variant.verdicts, property, (verdict) => verdict.property);
  return asked?.run === undefined ? foremost(variant) : asked;
}

/** Where one goes from an address: what is not said stays, unless it belongs to what is left. */
export function onward(route: Route, to: Going): Route {
  const differs = (name: 'model' | 'variant' | 'property'): boolean =>
    to[name] !== undefined && to[name] !== route[name];
  const { screen, model, variant, property, actor, other, at, path } = route;
  const kept = differs('model')
    ? { screen }
    : differs('variant')
      ? { screen, model, property, actor, other }
      : differs('property')
        ? { screen, model, variant, actor, other }
        : { screen, model, variant, property, actor, other, at, path };
  const next = { ...kept, ...to };
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as unknown as Route;
}
