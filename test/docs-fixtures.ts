import { instance } from '@viz-js/viz';
import { type AnyStateMachine, createMachine, emit } from 'xstate';
import { check } from '../src/explore/check.ts';
import { defineModel, type Model, start } from '../src/explore/model.ts';
import { never, sometimes } from '../src/explore/property.ts';
import { documentsOf, type Setting } from '../src/report/docs/documents.ts';
import { sourcesOf, writtenIn } from '../src/report/html/sources.ts';
import { loose } from './explore/kit.ts';

const viz = await instance();

export const setting: Setting = { sources: () => sourcesOf([]), wayTo: (file) => `../${file}`, others: [], viz };

/** The documents of models, each checked as it is. */
export function documentsFor(models: readonly Model[], more: Partial<Setting> = {}): Map<string, string> {
  const documented = models.map((model) => ({
    model,
    file: `models/${model.name.slice(0, 100)}.ts`,
    variants: model.variants.map((variant) => ({ variant, report: check(model, variant) })),
  }));
  return documentsOf(documented, { ...setting, ...more });
}

/** What stands in a file of this text. */
export const reading = (file: string, text: string) => () => sourcesOf([writtenIn({ file, text })]);

/** What names and texts can be that are not meant well. */
export const HOSTILE = [
  '</script><img src=x onerror=alert(1)>',
  '\u001b[31mred\u001b[0m\u0007',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is hostile
  '${process.exit(1)} $x$ $$y$$',
  'a\u2028b\u2029c\u0085d',
  'a|b || c',
  '`code` ``` ~~~',
  'line\nbreak\r\n\r\n# heading\n| a | b |\n| - | - |',
  '[text](javascript:alert(1)) ![image](x) [ref]: http://x [^1]',
  '[ref]: http://evil',
  '<!-- comment --> <details> &lt; &#60;',
  '*a* __b__ _c_ ~~d~~ \\*e\\*',
  '- item',
  '1. item',
  '# heading ##',
  '> quote',
  '---',
  '; end',
  'end note',
  'direction TB',
  'direction LR',
  '%%{init: {"theme": "dark"}}%%',
  '[[fork]] <<choice>>',
  '#35; #quot;',
  'wrap: text',
  'participant x',
  '[*] --> [*]',
  '}',
  'a->>b: c',
  '"quoted" \'single\'',
  '__proto__',
  'constructor',
  'end',
  'état 状態 🦀',
  '\ud800 lone',
  'CON',
  '../../etc/passwd',
  'x'.repeat(2 ** 20),
] as const;

/** Whether a state can be called so: XState loses `__proto__`, and takes `#a` for what has the id `a`. */
const isState = (name: string): boolean => name !== '__proto__' && !name.startsWith('#');

/** Those of them that a state can have. */
export const STATES = HOSTILE.filter(isState);

type Room = Readonly<Record<string, { readonly hasTag: (tag: string) => boolean }>>;

/** A model in which everything that has a name has this one. */
export function hostileModel(name: string): Model {
  const state = isState(name) ? name : `x${name}`;
  const machine = createMachine({
    id: name,
    initial: state,
    context: { [name]: name },
    states: {
      [state]: {
        description: name,
        on: {
          [name]: {
            target: '#second',
            guard: name,
            actions: [name, emit({ type: name, [name]: name })],
            meta: { step: name },
          },
        },
      },
      frame: {
        id: 'second',
        initial: state,
        tags: [name, 'rest'],
        on: { [`${name}!`]: { actions: name } },
        states: { [state]: { on: { [name]: {} } }, [`${state}2`]: {} },
      },
    },
  } as never).provide({ actions: { [name]: emit({ type: name }) }, guards: { [name]: () => true } } as never);
  const sink = createMachine({ id: 'sink', on: { [name]: {} } } as never) as AnyStateMachine;
  const isThere = (room: Room) => room[name]!.hasTag(name);
  return defineModel({
    name,
    about: name,
    sources: [name],
    options: { [name]: [name, Number.POSITIVE_INFINITY] },
    variants: { [name]: { about: name, option: { [name]: Number.POSITIVE_INFINITY } as never } },
    build: () =>
      loose(
        { [name]: start(machine as AnyStateMachine, { [name]: name } as never), sink: start(sink) },
        {
          wires: { [name]: { [name]: { queue: 'sink' } } },
          mailboxes: { sink: { capacity: 2 } },
          spontaneous: { [name]: [{ type: name, oneOf: [{ [name]: name }] }] },
          properties: [
            never<Room>(name, isThere, {
              witness: sometimes<Room>(`${name} is reached`, isThere, { about: name }),
              about: name,
            }),
          ],
        },
      ),
  });
}
