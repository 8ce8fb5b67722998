import { isSameActor } from '../explore/actor-ref.ts';
import type { ActorView, Run, Verdict } from '../explore/verdict.ts';
import { jsonOf } from './json-text.ts';
import type { Subject } from './outcome.ts';
import { messageText, quoted } from './text.ts';
import { labelOf } from './words.ts';

/**
 * A run in the Informal Trace Format (Apalache's ADR 15), which other checkers and their viewers read: the sequence
 * of the global states.
 *
 * A variable is an actor, replicas are a list. Its value is a record: `state` (of a parallel one a record of its
 * regions), `context`, `tags`, `mailbox`, `armed` and `done`. Which step led to a state is in the state's `#meta`.
 * Whole numbers are `#bigint`, as the format has it; what it has no form for (null, fractions, NaN) is
 * `#unserializable`.
 */
export function itfText(subject: Subject, { property, run }: Verdict, version: string): string {
  const names = [...new Set(run!.initial.map(({ actor }) => actor))];
  const document = {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      description: `${quoted(property)} is violated: ${labelOf(subject)}`,
      source: subject.file,
      tool: `holdfast ${version}`,
    },
    params: [],
    vars: names,
    states: statesOf(run!).map((views, index) => ({
      '#meta': { index, ...stepBefore(run!, index) },
      ...fieldsOf(names.map((name) => [name, variable(views.filter(({ actor }) => actor === name))])),
    })),
  };
  return `${jsonOf(document, 2)}\n`;
}

/** Every global state. The last step of an `unhandled` leads to none. */
function statesOf({ initial, steps, ends }: Run): ActorView[][] {
  const states = [[...initial]];
  for (const { changed } of ends.at === 'unhandled' ? steps.slice(0, -1) : steps) {
    states.push(
      states.at(-1)!.map((view) => {
        const now = changed.find(({ after }) => isSameActor(after, view));
        return now?.after ?? view;
      }),
    );
  }
  return states;
}

function stepBefore({ steps }: Run, index: number): object {
  const step = steps[index - 1];
  if (step === undefined) return {};
  const { actor, self, cause, message } = step.label;
  return { actor, self, cause, action: messageText(message) };
}

function variable(views: readonly ActorView[]): unknown {
  return views.length === 1 ? record(views[0]!) : views.map(record);
}

const record = ({ value, context, tags, mailbox, armed, done }: ActorView) => ({
  state: itfValue(value),
  context: itfValue(context ?? {}),
  tags: { '#set': [...tags] },
  mailbox: mailbox.map(itfValue),
  armed: [...armed],
  done,
});

/** A value of the format. */
export function itfValue(value: unknown): unknown {
  switch (typeof value) {
    case 'boolean':
    case 'string':
      return value;
    case 'bigint':
      return { '#bigint': String(value) };
    case 'number':
      return Number.isInteger(value) && !Object.is(value, -0)
        ? { '#bigint': String(BigInt(value)) }
        : { '#unserializable': Object.is(value, -0) ? '-0' : String(value) };
    case 'object':
      if (value === null) return { '#unserializable': 'null' };
      return Array.isArray(value) ? value.map(itfValue) : recordOf(value);
    default:
      return { '#unserializable': String(value) };
  }
}

/** Field names that begin with `#` mean something to the format: such a record is a map. */
function recordOf(value: object): unknown {
  const fields = Object.entries(value).map(([key, field]) => [key, itfValue(field)] as const);
  return fields.some(([key]) => key.startsWith('#')) ? { '#map': fields } : fieldsOf(fields);
}

/** Defined, not assigned: a field may be called `__proto__`. */
function fieldsOf(fields: readonly (readonly [key: string, value: unknown])[]): object {
  const into = {};
  for (const [key, value] of fields) Object.defineProperty(into, key, { value, enumerable: true, configurable: true });
  return into;
}
