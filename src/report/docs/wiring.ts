import type { Composition, SpontaneousRule } from '../../explore/model.ts';
import type { OneAddress } from '../../explore/routing.ts';
import { plural } from '../text.ts';
import type { ModelEntry } from './gather.ts';
import { clipped, code, distinct, MOST_VALUES, table } from './markdown.ts';
import { type Way, wayOf } from './wires.ts';

/** Who tells whom what, and how. */
export function messagesTable(entry: ModelEntry): string {
  const rows = new Variations(entry);
  for (const [i, composition] of entry.compositions.entries()) {
    for (const [actor, wires] of Object.entries(composition.wires)) {
      for (const message of Object.keys(wires)) {
        rows.add([code(actor), code(message)], wayText(wayOf(composition, actor, message), actor, composition), i);
      }
    }
  }
  return table(['from', 'message', 'how, and to whom'], rows.table());
}

function wayText(way: Way, actor: string, composition: Composition): string {
  return `${howText(way)}: ${toText(way.to, actor, composition)}`;
}

function howText({ how, rules: { full, lose, duplicate } }: Way): string {
  if (how !== 'queue') return how;
  const rules = [
    full === undefined
      ? 'waits where it is full'
      : { block: 'waits where it is full', drop: 'dropped where it is full', fail: 'must not be full' }[full],
    ...(lose === undefined ? [] : [lose === true ? 'may be lost' : 'may be lost later']),
    ...(duplicate === undefined
      ? []
      : [duplicate === true ? 'may arrive twice' : duplicate === 'later' ? 'may stay when taken' : 'stays when taken']),
  ];
  return `queue (${rules.join(', ')})`;
}

function toText(to: Way['to'], actor: string, composition: Composition): string {
  if (to.kind === 'byMessage')
    return to.to.length === 0 ? 'nobody' : `by the message to ${to.to.map((name) => code(name)).join(' or ')}`;
  if (to.kind === 'fixed') return addressesText(to.to, composition);
  const ways = to.to.map((each, self) => `from ${code(`${actor}[${self}]`)} ${addressesText(each, composition)}`);
  return ways.length > MOST_VALUES
    ? `by the sender to ${[...new Set(to.to.flat().map((each) => (typeof each === 'string' ? each : each[0])))].map((name) => code(name)).join(' or ')}`
    : ways.join('; ');
}

function addressesText(to: readonly OneAddress[], { actors }: Composition): string {
  if (to.length === 0) return 'nobody';
  return to
    .map((address) => {
      if (typeof address !== 'string') return code(`${address[0]}[${address[1]}]`);
      return actors[address]?.kind === 'replicas' ? `every ${code(address)}` : code(address);
    })
    .join(', ');
}

/** What waits for actors that are not asked at once. */
export function mailboxesTable(entry: ModelEntry): string {
  const rows = new Variations(entry);
  for (const [i, { mailboxes }] of entry.compositions.entries()) {
    for (const [actor, { capacity, order = 'fifo' }] of Object.entries(mailboxes)) {
      rows.add(
        [code(actor)],
        `${plural(capacity, 'message')}${order === 'perSender' ? ' of each sender' : ''}, ${order}`,
        i,
      );
    }
  }
  return table(['actor', 'holds'], rows.table());
}

/** What actors do by themselves. */
export function spontaneousTable(entry: ModelEntry): string {
  const rows = new Variations(entry);
  for (const [i, { spontaneous }] of entry.compositions.entries()) {
    for (const [actor, rules] of Object.entries(spontaneous)) {
      for (const rule of rules) {
        const { type, ...how } = typeof rule === 'string' ? { type: rule } : rule;
        rows.add([code(actor), code(type)], ruleText(how), i);
      }
    }
  }
  return table(['actor', 'message', 'when'], rows.table());
}

function ruleText({ when, environment, oneOf, read }: Omit<SpontaneousRule, 'type'>): string {
  const parts = [
    environment === true ? 'environment: it need never happen' : '',
    when === undefined ? '' : 'on a condition',
    oneOf === undefined ? '' : `with ${distinct(oneOf)}`,
    read === undefined ? '' : 'with what it reads from the room',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'at any time' : parts.join(', ');
}

/** Rows that say the same in all variants, or in which of them they say what. */
class Variations {
  readonly #entry: ModelEntry;
  readonly #rows = new Map<string, { readonly heads: readonly string[]; readonly texts: Map<string, Set<number>> }>();

  constructor(entry: ModelEntry) {
    this.#entry = entry;
  }

  add(heads: readonly string[], text: string, variant: number): void {
    const key = JSON.stringify(heads);
    const row = this.#rows.get(key) ?? { heads, texts: new Map() };
    this.#rows.set(key, row);
    row.texts.set(text, (row.texts.get(text) ?? new Set()).add(variant));
  }

  table(): string[][] {
    const all = this.#entry.variants.length;
    return [...this.#rows.values()].map(({ heads, texts }) => [
      ...heads,
      [...texts]
        .map(([text, variants]) => (variants.size === all ? text : `${text} (${this.#named(variants)})`))
        .join('\n'),
    ]);
  }

  /** The variants by name, where they are few, or else those that are not of them. */
  #named(variants: ReadonlySet<number>): string {
    const names = (isOne: (i: number) => boolean) =>
      this.#entry.variants.filter((_, i) => isOne(i)).map(({ variant }) => code(clipped(variant.name, 60)));
    const [these, others] = [names((i) => variants.has(i)), names((i) => !variants.has(i))];
    if (these.length <= MOST_NAMES) return `in ${these.join(', ')}`;
    if (others.length <= MOST_NAMES) return `not in ${others.join(', ')}`;
    return `in ${these.slice(0, MOST_NAMES - 1).join(', ')} and ${these.length - MOST_NAMES + 1} more`;
  }
}

/** How many variants are named. */
const MOST_NAMES = 4;
