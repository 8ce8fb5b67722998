import { match } from 'ts-pattern';
import type { Keeping, SearchFigures, SlotFigures, Undivided } from '../explore/figures.ts';
import type { Stats } from '../explore/verdict.ts';
import { type Cell, columns } from './columns.ts';
import type { Screen } from './screen.ts';
import { count, duration, listed, megabytes, plural, safe } from './text.ts';

const INDENT = 3;
/** How many slots are named, and of how many what makes their contents many. */
const NAMED = 12;
const LOOKED_INTO = 3;
/** An actor of fewer local states explodes nowhere. */
const MANY = 10;
/** The most levels that are drawn one by one. */
const DRAWN = 40;

/** What a search has cost, how it kept its states and where they come from: the block of `--stats`. */
export function figuresLines(figures: SearchFigures, stats: Stats, screen: Screen): string[] {
  const [mailboxes, actors] = [true, false].map((of) =>
    figures.slots.filter(({ slot }) => slot.startsWith(MAILBOX) === of),
  ) as [SlotFigures[], SlotFigures[]];
  const rows = [
    row('local states', listed(actors.map(slotText), NAMED)),
    ...(mailboxes.length === 0 ? [] : [row('mailboxes', listed(mailboxes.map(slotText), NAMED))]),
    row('messages', count(figures.messages)),
    row('XState', askedText(figures, stats)),
    row('memory', memoryText(figures, stats)),
    row('state vector', ...vectorTexts(figures)),
    row('levels', ...levelTexts(figures.levels)),
    row('time', timeText(figures)),
  ];
  return columns(rows, INDENT, screen);
}

const row = (head: string, ...texts: readonly string[]): Cell[] => [
  [{ text: head, tone: 'faint' }],
  texts.map((text) => ({ text })),
];

const MAILBOX = 'mailbox of ';

/** `handler 230 (12 states, 16 values of walked, 4 of range; 3 new in the last level)`. */
function slotText(figures: SlotFigures, i: number): string {
  const { slot, distinct, recent } = figures;
  const varied = i < LOOKED_INTO && distinct >= MANY ? variedText(figures) : '';
  const inside = [varied, recent > 0 ? `${count(recent)} new in the last level` : ''].filter((text) => text !== '');
  const name = safe(slot.startsWith(MAILBOX) ? slot.slice(MAILBOX.length) : slot);
  return `${name} ${count(distinct)}${inside.length === 0 ? '' : ` (${inside.join('; ')})`}`;
}

/** What makes the contents of an actor many. */
function variedText({ values = 0, fields = [] }: SlotFigures): string {
  const states = values > 1 ? [plural(values, 'state')] : [];
  const varied = fields.filter((field) => field.values > 1).slice(0, LOOKED_INTO);
  const named = varied.map(({ field, values: of }, i) => `${count(of)} ${i === 0 ? 'values of' : 'of'} ${safe(field)}`);
  return [...states, ...named].join(', ');
}

function askedText({ learned: { steps, transitions } }: SearchFigures, { asked }: Stats): string {
  const rate = transitions === 0 ? 0 : Math.max(0, 1 - steps / transitions);
  const worked = `${plural(steps, 'step')} worked out for ${plural(transitions, 'transition')}`;
  return `asked ${asked === 1 ? 'once' : `${count(asked)} times`}; ${worked}: ${percent(rate)} looked up`;
}

/** Rounded down: all were looked up only where all were. */
const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;

function memoryText({ keeping: { bytes }, process }: SearchFigures, { states }: Stats): string {
  const each = bytes / states;
  return `${count(Math.round(each))} bytes a state, ${bytesText(bytes)} in all; the process ${megabytes(process)}`;
}

const bytesText = (bytes: number): string =>
  bytes < 2 ** 20 ? `${count(Math.ceil(bytes / 2 ** 10))} KB` : megabytes(bytes);

function vectorTexts({ keeping, width, divided }: SearchFigures): string[] {
  const slots = plural(width, 'slot');
  return match(keeping)
    .with({ as: 'vectors' }, ({ undivided }) => [
      `${slots}, taken whole${divided ? ` again, after halves from ${count(divided.states)} states on` : ''}: ${undividedText(undivided)}`,
    ])
    .with({ as: 'fingerprints' }, () => [`${slots}, of which only fingerprints of 64 bits are kept`])
    .with({ as: 'halves' }, (halves) => [
      `${slots}, in two halves${divided ? ` from ${count(divided.states)} states on` : ''}`,
      `left: ${sideText(halves.left)}`,
      `right: ${sideText(halves.right)}`,
      halvesText(halves),
    ])
    .exhaustive();
}

const undividedText = (undivided: Undivided): string =>
  match(undivided)
    .with('few states', () => 'there are too few states for halves to pay')
    .with('bound on the depth', () => 'a search with a bound on the depth is not divided')
    .with('nothing to divide', () => 'there is nothing to divide')
    .with('does not pay', () => 'there are nearly as many different halves as states')
    .exhaustive();

/** The mailbox of an actor on the same side goes without saying. */
function sideText(slots: readonly string[]): string {
  const named = slots.filter((slot) => !slot.startsWith(MAILBOX) || !slots.includes(slot.slice(MAILBOX.length)));
  return named.map(safe).join(', ');
}

function halvesText({ halves: [left, right], joints, answers, pairs }: Keeping<string> & { as: 'halves' }): string {
  const meeting = `${plural(joints, 'joint')} of both with ${plural(answers, 'answer')}`;
  return `${count(left)} different left halves, ${count(right)} right ones, pairs in a ${pairs}; ${meeting}`;
}

function levelTexts(levels: readonly number[]): string[] {
  const most = Math.max(...levels);
  const said = `${count(levels.length)}, the largest of ${plural(most, 'state')} at depth ${count(levels.indexOf(most))}`;
  return levels.length === 1 ? [said] : [sparkline(levels), said];
}

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A bar for each number; of more than there is room for, one for the largest of each few that stand together. */
export function sparkline(numbers: readonly number[], room = DRAWN): string {
  const each = Math.ceil(numbers.length / room);
  const drawn = Array.from({ length: Math.ceil(numbers.length / each) }, (_, i) =>
    Math.max(...numbers.slice(i * each, (i + 1) * each)),
  );
  const most = Math.max(...drawn, 1);
  return drawn.map((number) => BARS[Math.ceil((number / most) * (BARS.length - 1))]).join('');
}

function timeText({ milliseconds: { compile, search, evidence }, keeping, divided }: SearchFigures): string {
  const halved = divided && keeping.as === 'halves' ? ` (in halves after ${duration(divided.milliseconds)})` : '';
  return `${duration(compile)} to compile, ${duration(search)} to search${halved}, ${duration(evidence)} for the evidence`;
}
