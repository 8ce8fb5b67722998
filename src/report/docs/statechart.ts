import type { AnyStateMachine } from 'xstate';
import { type Node, nodesOf, type Transition, transitionsOf } from '../../explore/anatomy.ts';
import { delayText } from '../change.ts';
import { drawable, label, Names } from './mermaid.ts';

/**
 * A machine as a state diagram of Mermaid. A transition without a target is a line of its state; those from one state to
 * one other share an arrow; an arrow stands in the frame that has both its ends, or at the end where no frame has them as
 * its own.
 */
export function stateDiagram(machine: AnyStateMachine): readonly string[] | undefined {
  return drawable(['stateDiagram-v2', ...new Drawing(machine).lines()]);
}

interface Arrow {
  readonly from: Node;
  readonly to: Node;
  readonly texts: string[];
}

class Drawing {
  readonly #machine: AnyStateMachine;
  readonly #root: Node;
  readonly #ids: ReadonlyMap<string, string>;
  readonly #arrows: readonly Arrow[];
  /** By state: the transitions that do not leave it. */
  readonly #inner = new Map<string, string[]>();

  constructor(machine: AnyStateMachine) {
    const nodes = nodesOf(machine);
    const names = new Names('state');
    this.#machine = machine;
    this.#root = nodes[0]!;
    this.#ids = new Map(nodes.map((node) => [node.id, names.of(node.path.length === 0 ? [machine.id] : node.path)]));
    const arrows = new Map<string, Arrow>();
    for (const { definition, on } of transitionsOf(machine)) {
      const { source, target = [] } = definition;
      const text = transitionText(definition, on);
      const stays = (line: string) => this.#inner.set(source.id, [...(this.#inner.get(source.id) ?? []), line]);
      if (target.length === 0) stays(text);
      for (const to of target) {
        // an arrow from a frame to what is in it would be drawn as one from there
        if (isWithin(to as Node, source as Node)) {
          stays(`${text} → ${label(to.key)}`);
          continue;
        }
        const key = `${this.#ids.get(source.id)} ${this.#ids.get(to.id)}`;
        const arrow = arrows.get(key) ?? { from: source as Node, to: to as Node, texts: [] };
        arrow.texts.push(text);
        arrows.set(key, arrow);
      }
    }
    this.#arrows = [...arrows.values()];
  }

  lines(): string[] {
    const isFramed = this.#root.type !== 'compound' || this.#inner.has(this.#root.id);
    const body = isFramed ? this.#state(this.#root, '  ') : this.#inside(this.#root, '  ');
    return [...body, ...this.#between(undefined).map((line) => `  ${line}`)];
  }

  #state(node: Node, indent: string): string[] {
    const id = this.#id(node);
    const shown = label(node.path.at(-1) ?? this.#machine.id);
    const inner = this.#inner.get(node.id) ?? [];
    if (!isFrame(node)) {
      const declared = inner.length === 0 && shown === id ? `${indent}${id}` : `${indent}state "${shown}" as ${id}`;
      return [declared, ...inner.map((text) => `${indent}${id} : ${text}`), ...ending(node, id, indent)];
    }
    return [
      `${indent}state "${shown}" as ${id} {`,
      ...this.#inside(node, `${indent}  `),
      `${indent}}`,
      ...(inner.length === 0 ? [] : [`${indent}note right of ${id} : ${inner.join('<br/>')}`]),
    ];
  }

  #inside(node: Node, indent: string): string[] {
    const children = childrenOf(node);
    const blocks = children.map((child) => this.#state(child, indent));
    const parted =
      node.type === 'parallel'
        ? blocks.flatMap((block, i) => (i === 0 ? block : [`${indent}--`, ...block]))
        : blocks.flat();
    const initial = node.type === 'compound' ? node.initial?.target?.[0] : undefined;
    const start = initial === undefined ? [] : [`${indent}[*] --> ${this.#id(initial as Node)}`];
    return [...start, ...parted, ...this.#between(node).map((line) => indent + line)];
  }

  /** The arrows between the children of a state; without one those that no state has as between its own children. */
  #between(parent: Node | undefined): string[] {
    return this.#arrows
      .filter(({ from, to }) => commonParent(from, to) === parent)
      .map(({ from, to, texts }) => `${this.#id(from)} --> ${this.#id(to)} : ${texts.join('<br/>')}`);
  }

  #id(node: Node): string {
    return this.#ids.get(node.id)!;
  }
}

const ending = ({ type }: Node, id: string, indent: string): string[] =>
  type === 'final' ? [`${indent}${id} --> [*]`] : [];

const isFrame = (node: Node): boolean => childrenOf(node).length > 0;

const childrenOf = (node: Node): Node[] => Object.values(node.states) as Node[];

const isWithin = (inner: Node, outer: Node): boolean =>
  inner.parent !== undefined && (inner.parent === outer || isWithin(inner.parent as Node, outer));

/** Of siblings in one region. */
const commonParent = (from: Node, to: Node): Node | undefined =>
  from.parent === to.parent && from.parent?.type === 'compound' ? (from.parent as Node) : undefined;

function transitionText({ guard, actions }: Transition, on: string): string {
  const names = actions.map(nameOf).filter((name) => name !== undefined);
  const condition = guard === undefined ? '' : ` [${nameOf(guard) ?? 'guarded'}]`;
  return label(`${delayText(on)}${condition}${names.length === 0 ? '' : ` / ${names.join(', ')}`}`, LONGEST);
}

const LONGEST = 90;

/** What an action or a guard is called; a function has no name that a reader would know. */
function nameOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  const { type } = given as { readonly type?: unknown };
  return typeof type === 'string' && typeof given === 'object' ? type : undefined;
}
