import { instance } from '@viz-js/viz';
import { type AnyStateMachine, createMachine, emit } from 'xstate';
import { check, surprises } from '../src/explore/check.ts';
import { defineModel, start } from '../src/explore/model.ts';
import { never, sometimes } from '../src/explore/property.ts';
import { pageWith } from '../src/report/html/embed.ts';
import { gather } from '../src/report/html/gather.ts';
import { sourcesOf } from '../src/report/html/sources.ts';
import type { Checked } from '../src/report/outcome.ts';
import { loose } from './explore/kit.ts';

type Room = Readonly<Record<string, { readonly hasTag: (tag: string) => boolean }>>;

/** The page of a model in which everything that has a name has this one. */
export async function hostilePage(name: string): Promise<string> {
  const machine = createMachine({
    id: name,
    initial: 'a',
    context: { [name]: name },
    states: {
      a: { on: { [name]: { target: 'b', actions: emit({ type: name, [name]: 1 }), meta: { step: name } } } },
      b: { tags: [name, 'rest'] },
    },
  } as never) as AnyStateMachine;
  const sink = createMachine({ id: 'sink', on: { [name]: {} } } as never) as AnyStateMachine;
  const isThere = (room: Room) => room[name]!.hasTag(name);
  const model = defineModel({
    name,
    about: name,
    sources: [name],
    options: { [name]: [name, Number.POSITIVE_INFINITY] },
    build: () =>
      loose(
        { [name]: start(machine), sink: start(sink) },
        {
          wires: { [name]: { [name]: { queue: 'sink' } } },
          mailboxes: { sink: { capacity: 1 } },
          spontaneous: { [name]: [name] },
          properties: [never<Room>(name, isThere, { witness: sometimes<Room>(`${name} is reached`, isThere) })],
        },
      ),
  });
  const checked = model.variants.map((variant): Checked => {
    const report = check(model, variant, { coverage: true, figures: true });
    const subject = { model, file: name, variant, args: [name] };
    return { kind: 'checked', subject, report, surprises: surprises(report, variant) };
  });
  const failed = { kind: 'unloadable', file: name, message: `${name}\n${name}` } as const;
  const setting = { version: name, args: [name], exit: 1, unchecked: 0, states: 50, viz: await instance() };
  const { page } = gather([...checked, failed], { ...setting, sources: () => sourcesOf([]) });
  const verdict = { of: name, kind: 'holds', expected: 'holds', steps: 1 } as const;
  const place = { model: name, file: name, variant: name };
  const differences = [
    { ...place, what: name, before: verdict },
    { ...place, what: '', after: 1 },
  ];
  return pageWith({ ...page, baseline: { name, holdfast: name, differences } });
}
