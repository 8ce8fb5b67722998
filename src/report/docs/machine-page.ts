import { eventsOf, handles, nodesOf } from '../../explore/anatomy.ts';
import { delayText } from '../change.ts';
import { count, plural } from '../text.ts';
import { docOf, Linking } from './doc.ts';
import type { Book, MachineEntry } from './gather.ts';
import { code, fenced, folded, link, onOneLine, page, plain, prose, table } from './markdown.ts';
import { receiversOf, wayOf } from './wires.ts';

/** The page of a machine: what it stands for, what it looks like, what it takes and emits, and who uses it. */
export function machinePage(entry: MachineEntry, book: Book, made: string): string {
  const links = new Linking(book);
  const { written, uses, diagram } = entry;
  const doc = written?.doc === undefined ? undefined : docOf(written.doc);
  const traffic = trafficOf(entry);
  return page(
    made,
    `# ${plain(entry.name)}`,
    written === undefined ? '' : `Machine: ${links.file(written.file)}`,
    doc === undefined ? '' : links.prose(doc.text),
    ...(doc?.sees ?? []).map((seen) => `Source: ${links.prose(seen)}`),
    `![Statechart of ${plain(entry.name)}](${entry.page}.svg)`,
    folded(
      'The same as text, with what is done on each transition',
      diagram === undefined ? 'The diagram would be longer than Mermaid draws.' : fenced('mermaid', diagram),
    ),
    ...statesSection(entry),
    ...takesSection(entry, traffic),
    ...emitsSection(traffic),
    '## Used by',
    [...uses]
      .map(([model, actors]) => {
        const names = [...actors].map((actor) => code(actor)).join(', ');
        return `- ${link(plain(model.model.name), `../models/${model.page}.md`)} as ${names}`;
      })
      .join('\n'),
  );
}

// --------------------------------------------------------------------------------------------------------------- states

/** States with what others see of them, and what their author says of them. */
function statesSection({ machine }: MachineEntry): string[] {
  const rows = nodesOf(machine).flatMap(({ path, tags, description, type }) => {
    const [tagged, said] = [[...tags].sort(), typeof description === 'string' ? description : ''];
    if (tagged.length === 0 && said === '') return [];
    const name = path.length === 0 ? 'the machine' : code(path.join('.'));
    return [[type === 'final' ? `${name} (final)` : name, tagged.map((tag) => code(tag)).join(', '), inCell(said)]];
  });
  if (rows.length === 0) return [];
  const isSaid = rows.some(([, , said]) => said !== '');
  return [
    '## States',
    table(['state', 'tags', ...(isSaid ? [''] : [])], isSaid ? rows : rows.map((row) => row.slice(0, 2))),
  ];
}

const inCell = (text: string): string => prose(onOneLine(text));

// ------------------------------------------------------------------------------------------------------------- messages

/** What actors of a machine hear from whom and tell whom, in all models. */
interface Traffic {
  /** By message: who may send it, and in what way. */
  readonly from: Map<string, Set<string>>;
  /** By message: who may receive it. */
  readonly to: Map<string, Set<string>>;
}

function trafficOf(entry: MachineEntry): Traffic {
  const [from, to] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  const note = (map: Map<string, Set<string>>, message: string, text?: string) => {
    const known = map.get(message) ?? new Set();
    map.set(message, text === undefined ? known : known.add(text));
  };
  for (const [model, own] of entry.uses) {
    const machines = new Map(model.actors.map(({ actor, machine }) => [actor, machine]));
    const shown = (actor: string) => linkTo(machines.get(actor)!, entry);
    for (const composition of model.compositions) {
      for (const [actor, wires] of Object.entries(composition.wires)) {
        for (const message of Object.keys(wires)) {
          const way = wayOf(composition, actor, message);
          const receivers = receiversOf(way);
          if (own.has(actor)) {
            note(to, message);
            for (const receiver of receivers) note(to, message, `${shown(receiver)} (${way.how})`);
          }
          if (receivers.some((receiver) => own.has(receiver))) note(from, message, `${shown(actor)} (${way.how})`);
        }
      }
      for (const actor of own) {
        for (const rule of composition.spontaneous[actor] ?? []) {
          const { type, environment = false } = typeof rule === 'string' ? { type: rule } : rule;
          note(from, type, environment ? 'the environment' : 'itself');
        }
      }
    }
  }
  return { from, to };
}

const linkTo = (machine: MachineEntry, from: MachineEntry): string =>
  machine === from ? code(machine.name) : link(plain(machine.name), `${machine.page}.md`);

function takesSection({ machine }: MachineEntry, { from }: Traffic): string[] {
  const nodes = nodesOf(machine);
  const rows = eventsOf(machine).map((message) => {
    const states = nodes.filter(({ transitions }) => handles(transitions, message));
    const isAnywhere = states.some(({ path }) => path.length === 0);
    return [
      code(message),
      isAnywhere ? 'any' : statesText(states.map(({ path }) => path.join('.'))),
      sorted(from.get(message)),
    ];
  });
  const delays = [...new Set(nodes.flatMap(({ transitions }) => [...transitions.keys()]))].filter((on) =>
    on.startsWith('xstate.after.'),
  );
  const timed = delays.map((on) => {
    const states = nodes.filter(({ transitions }) => transitions.has(on)).map(({ path }) => path.join('.') || 'any');
    return [code(delayText(on)), statesText(states), 'a delay'];
  });
  const all = [...rows, ...timed];
  return all.length === 0 ? [] : ['## Takes', table(['message', 'in', 'from'], all)];
}

/** How many states are named. */
const MOST_STATES = 8;

const statesText = (names: readonly string[]): string =>
  names.length > MOST_STATES
    ? `${names
        .slice(0, MOST_STATES - 1)
        .map((name) => code(name))
        .join(', ')} and ${count(names.length - MOST_STATES + 1)} more`
    : names.map((name) => code(name)).join(', ');

const emitsSection = ({ to }: Traffic): string[] =>
  to.size === 0
    ? []
    : [
        '## Emits',
        table(
          ['message', 'to'],
          [...to].map(([message, receivers]) => [code(message), receivers.size === 0 ? 'nobody' : sorted(receivers)]),
        ),
      ];

const sorted = (texts: ReadonlySet<string> | undefined): string => [...(texts ?? [])].sort().join(', ');

/** `3 models` */
export const usersText = ({ uses }: MachineEntry): string => plural(uses.size, 'model');
