import { type AnyStateMachine, createMachine, emit } from 'xstate';
import { type Composition, compose, defineModel, type Model, never, sometimes, start } from '../../src/index.ts';

/** Escape sequences, ends of lines and of texts, markup of every kind, and directions of writing. */
export const HOSTILE =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to look like one
  '</script><b>\u001b[2J\u2028\u2029${x}`x``]]>"\'&|--><!--\r\n::error::%0A\ufffe\u202e\u0000{0}[a](b)\ud800\\';

type Room = Readonly<Record<string, { readonly hasTag: (tag: string) => boolean }>>;

/** A model in which everything that has a name has this one: its property is violated, and its witness reached. */
export function named(name: string): Model {
  const machine = createMachine({
    id: name,
    initial: name,
    context: { [name]: name },
    states: {
      [name]: { on: { [name]: { target: 'b', actions: emit({ type: name, [name]: name }), meta: { step: name } } } },
      b: { tags: [name, 'rest'] },
    },
  } as never) as AnyStateMachine;
  const sink = createMachine({ id: 'sink', tags: 'rest', on: { [name]: {} } } as never) as AnyStateMachine;
  const isThere = (room: Room) => room[name]!.hasTag(name);
  return defineModel({
    name,
    about: name,
    sources: [name],
    options: { [name]: [name, 'other'] },
    variants: { [name]: { option: { [name]: name }, about: name } },
    build: () =>
      (compose as (actors: object, spec: object) => Composition)(
        { [name]: start(machine), sink: start(sink) },
        {
          wires: { [name]: { [name]: { queue: 'sink' } } },
          mailboxes: { sink: { capacity: 1 } },
          spontaneous: { [name]: [name] },
          properties: [
            never<Room>(name, isThere, { witness: sometimes<Room>(`${name} is reached`, isThere), about: name }),
          ],
        },
      ),
  });
}
