import { describe, expect, test } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { createMachine } from 'xstate';
import { label, messageLabel, Names } from '../src/report/docs/mermaid.ts';
import { sequenceDiagram } from '../src/report/docs/sequence.ts';
import { stateDiagram } from '../src/report/docs/statechart.ts';
import { run, step, view, violated } from './cli-fixtures/by-hand.ts';
import { nested } from './cli-fixtures/nested.ts';
import { HOSTILE, STATES } from './docs-fixtures.ts';
import { sequenceProblems, stateProblems } from './mermaid-grammar.ts';

const drawn = (machine: AnyStateMachine) => stateDiagram(machine)!;

describe('a statechart as text', () => {
  test('has frames, regions, starts, ends, guards, actions and delays', () => {
    expect(drawn(nested).join('\n')).toBe(`stateDiagram-v2
  state "nested" as nested {
    [*] --> idle
    idle
    state "busy" as busy {
      [*] --> busy_loading
      state "loading" as busy_loading
      state "working" as busy_working {
        state "left" as busy_working_left {
          [*] --> busy_working_left_a
          state "a" as busy_working_left_a
          state "b" as busy_working_left_b
          busy_working_left_a --> busy_working_left_b : tick
          busy_working_left_b --> busy_working_left_a : tick
        }
        --
        state "right" as busy_working_right {
          [*] --> busy_working_right_c
          state "c" as busy_working_right_c
          state "d" as busy_working_right_d
          busy_working_right_d --> [*]
          busy_working_right_c --> busy_working_right_d : tick
        }
      }
      state "waiting" as busy_waiting
      busy_waiting : tick / tell
      busy_loading --> busy_working : ready [isFast]<br/>after soon
      busy_working --> busy_waiting : pause
      busy_waiting --> busy_working : resume
    }
    note right of busy : tick
    over
    over --> [*]
    idle --> busy : begin
    busy --> over : abort / tell
  }
  note right of nested : reset → idle<br/>noise
  busy_working_left_b --> over : ready`);
  });

  test('is of the form that Mermaid takes', () => {
    expect(stateProblems(drawn(nested))).toEqual([]);
  });

  test('has a machine of one state too, and one that is nothing but regions', () => {
    const one = createMachine({ id: 'one', on: { x: {} } }) as AnyStateMachine;
    expect(drawn(one)).toEqual(['stateDiagram-v2', '  state "one" as one', '  one : x']);
    const two = createMachine({ id: 'two', type: 'parallel', states: { a: {}, b: {} } }) as AnyStateMachine;
    expect(drawn(two)).toEqual(['stateDiagram-v2', '  state "two" as two {', '    a', '    --', '    b', '  }']);
    for (const machine of [one, two]) expect(stateProblems(drawn(machine))).toEqual([]);
  });

  test('is none where Mermaid would draw none', () => {
    const states = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`state${i}`, { on: { x: 'state0' } }]));
    expect(stateDiagram(createMachine({ initial: 'state0', states }) as AnyStateMachine)).toBeUndefined();
  });
});

describe('a run as a diagram', () => {
  test('has a lane for each who takes part, a note for each step, an arrow for each message, and what comes of it', () => {
    expect(sequenceDiagram(run, violated)!.join('\n')).toBe(`sequenceDiagram
  participant sender
  participant worker_0 as worker[0]
  participant worker_1 as worker[1]
  Note over sender: 1. begin {many: 2}<br/>idle → waiting<br/>sent 0 → 1
  sender-)worker_0: job {n: 1}
  sender-xworker_1: job {n: 1} (lost)
  worker_1->>sender: lock (rendezvous)
  Note over sender: 2. after 1000
  Note over worker_0: 3. job {n: 1} (from the mailbox, where it stays)<br/>idle → done (final)
  Note over worker_0: 4. job {n: 1} (lost in the mailbox)
  Note over sender,worker_1: no job is lost is false here`);
  });

  test('leaves out who does nothing; of a run without steps it shows one', () => {
    const alone = { ...run, steps: [step({ actor: 'sender', message: { type: 'x' } })] };
    expect(sequenceDiagram(alone, violated)!.filter((line) => line.includes('participant'))).toEqual([
      '  participant sender',
    ]);
    const none = { ...run, steps: [] };
    expect(sequenceDiagram(none, violated)).toEqual([
      'sequenceDiagram',
      '  participant sender',
      '  Note over sender: no job is lost is false here',
    ]);
  });

  test('says who does not take what', () => {
    const ends = {
      at: 'unhandled',
      who: { actor: 'worker', self: 1 },
      message: { type: 'x' },
      why: 'not taken',
    } as const;
    expect(sequenceDiagram({ ...run, ends }, violated)!.at(-1)).toBe(
      '  Note over sender,worker_1: worker[1] does not take x',
    );
  });
});

describe('hostile names', () => {
  test.each(HOSTILE.map((name) => [name.slice(0, 30), name]))('%j are text in a diagram of a run', (_, name) => {
    const message = { type: name, [name]: name };
    const hostile = {
      initial: [view(name, name), view(`${name} `, 'x')],
      steps: [
        step(
          { actor: name, message },
          {
            sent: [
              { from: { actor: name, self: 0 }, message, to: { actor: `${name} `, self: 0 }, how: 'call' as const },
            ],
            changed: [{ before: view(name, name), after: view(name, `${name}!`) }],
          },
        ),
        step({ actor: `${name} `, message, cause: 'delay' }),
      ],
      ends: { at: 'state' as const },
    };
    expect(sequenceProblems(sequenceDiagram(hostile, { ...violated, property: name })!)).toEqual([]);
  });

  test.each(STATES.map((name) => [name.slice(0, 30), name]))('%j are text in a statechart', (_, name) => {
    const config = {
      id: name,
      initial: name,
      on: { [`${name}?`]: {} },
      states: {
        [name]: { id: 'a', on: { [name]: { target: '#b', guard: name, actions: name }, [`${name}!`]: {} } },
        other: { id: 'b', initial: name, on: { [name]: { actions: name } }, states: { [name]: { type: 'final' } } },
      },
    };
    const machine = createMachine(config as never) as AnyStateMachine;
    expect(stateProblems(drawn(machine))).toEqual([]);
  });

  test('are told by codes, which Mermaid draws as what they stand for', () => {
    const decoded = (text: string) => text.replaceAll(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    for (const text of ['a; b', '<b>', 'direction TB', '[[x]]', '%%{init}%%', 'end', 'a: b', '#35;']) {
      expect(label(text)).not.toBe(text);
      expect(decoded(label(text))).toBe(text);
    }
    for (const text of ['a; b', '<b>', 'wrap: x', '#35;', '%%']) expect(decoded(messageLabel(text))).toBe(text);
    expect(messageLabel('x {a: [1, "b"]}')).toBe('x {a: [1, "b"]}');
  });

  test('are no names: two never have one, and none is a word of Mermaid', () => {
    const names = new Names('state');
    const given = [['a', 'b'], ['a_b'], ['A_B'], ['end'], ['state'], ['1'], ['x y'], [''], ['constructor']].map(
      (words) => names.of(words),
    );
    expect(given).toEqual(['a_b', 'a_b_2', 'A_B_3', 's', 's_2', 's_3', 's_4', 's_5', 'constructor']);
    expect(new Names('sequence').of(['participant'])).toBe('a');
  });
});
