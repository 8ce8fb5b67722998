import { match, P } from 'ts-pattern';
import { isSameActor } from '../explore/actor-ref.ts';
import type { ActorRef, ActorView, Run, RunStep, Sent, Verdict } from '../explore/verdict.ts';
import { castLines } from './cast.ts';
import { changes, delayText, valueText } from './change.ts';
import { type Cell, columns, type Line, wrap } from './columns.ts';
import type { Screen } from './screen.ts';
import { actorNames, data, messageText, quoted, safe } from './text.ts';

type Namer = (ref: ActorRef) => string;

const INDENT = 4;
/** Below this, what was sent stands under what changed: two columns would be too narrow to be read. */
const TWO_COLUMNS = 100;

/**
 * A run as a table, one numbered row for each step: who, why, what, what it changed, what it sent. Above it stands who is
 * who among replicas. Below the last step stands what `verdicts` say of it, and below that what was left behind: mail, and
 * in a deadlock the actors that are stuck.
 */
export function runLines(run: Run, verdicts: readonly Verdict[], screen: Screen): string[] {
  const name = actorNames(run.initial);
  const { marks, left } = endTexts(run, verdicts);
  const table = run.steps.length === 0 ? initialTable(run, name, screen) : stepTable(run, name, screen);
  return [
    ...castLines(run, INDENT, screen),
    ...table,
    ...spanned(
      marks.map((mark) => `<- ${mark}`),
      screen,
    ).map((line) => screen.paint('bad', line)),
    ...spanned(left, screen),
  ];
}

/** What verdicts say of a run where it ends, and what is left behind there. */
export function endTexts(
  run: Run,
  verdicts: readonly Verdict[],
): { readonly marks: readonly string[]; readonly left: readonly string[] } {
  const name = actorNames(run.initial);
  return { marks: verdicts.map((verdict) => markOf(verdict, run, name)), left: leftBehind(run, verdicts, name) };
}

const spanned = (texts: readonly string[], screen: Screen): string[] => {
  const indent = ' '.repeat(INDENT + 4);
  return texts.flatMap((text) => wrap(text, screen.width - indent.length).map((line) => indent + line));
};

// ---------------------------------------------------------------------------------------------------------------- tables

function stepTable(run: Run, name: Namer, screen: Screen): string[] {
  const isWide = screen.width >= TWO_COLUMNS;
  const heads = [
    '#',
    'actor',
    'cause',
    'message',
    ...(isWide ? ['what changed', 'sent'] : ['what changed, what was sent']),
  ];
  const rows = run.steps.map((step, i) => {
    const number = String(i + 1).padStart(String(run.steps.length).length);
    const changed = changeCell(step, name);
    const sent = step.sent.map((one) => sentLine(one, step.label, name, isWide));
    const effects = isWide ? [changed, sent] : [[...changed, ...sent]];
    return [...stepCells(step, number, name), ...effects];
  });
  return columns([heads.map((text) => [{ text, tone: 'faint' }]), ...rows], INDENT, screen);
}

/** Who, why, what. */
function stepCells(step: RunStep, number: string, name: Namer): Cell[] {
  const { label } = step;
  const cause = match(label.cause)
    .with('spontaneous', () => 'own')
    .with('mailbox', () => 'mail')
    .with('delay', () => 'delay')
    .with('loss', () => 'loss')
    .exhaustive();
  return [
    [{ text: number }],
    [{ text: name(label), tone: 'strong' }],
    [{ text: cause, tone: 'faint' }],
    messageCell(step, name),
  ];
}

function messageCell({ label }: RunStep, name: Namer): Cell {
  const isUnnamed = label.cause === 'delay' && /^xstate\.after\./.test(label.message.type);
  const text = isUnnamed ? delayText(label.message.type) : messageText(label.message);
  const notes = [
    label.from && `from ${name(label.from)}`,
    label.position !== undefined && label.position > 0 && `place ${label.position + 1}`,
    label.outcomes.includes('stays') && 'stays in the mailbox',
  ].filter((note) => typeof note === 'string');
  return notes.length === 0 ? [{ text }] : [{ text }, { text: `(${notes.join(', ')})`, tone: 'faint' }];
}

/** The actor that takes the step comes first and goes without its name; the others are told apart by theirs. */
function changeCell({ label, changed }: RunStep, name: Namer): Cell {
  const [own, others] = [true, false].map((mine) => changed.filter(({ after }) => isSameActor(after, label) === mine));
  const lines = [...own!, ...others!].flatMap(({ before, after }): Line[] => {
    const prefix = isSameActor(after, label) ? '' : `${name(after)}: `;
    return changes(before, after).map((line) => ({ text: prefix + line }));
  });
  return lines.length === 0 ? [{ text: 'nothing', tone: 'faint' }] : lines;
}

/** In a column of its own it goes without the verb. */
function sentLine(sent: Sent, by: ActorRef, name: Namer, isApart: boolean): Line {
  const how = match(sent)
    .with({ outcome: 'lost' }, () => 'lost')
    .with({ outcome: 'dropped' }, () => 'dropped: mailbox full')
    .with({ outcome: 'twice' }, () => 'queued twice')
    .with({ how: 'queue', outcome: P.union('delivered', P.nullish) }, () => 'queued')
    .with({ how: 'rendezvous' }, () => 'rendezvous')
    .with({ how: 'call' }, () => 'call')
    .exhaustive();
  const isOwn = isSameActor(sent.from, by);
  const prefix = isApart ? (isOwn ? '' : `${name(sent.from)}: `) : isOwn ? 'sends ' : `${name(sent.from)} sends `;
  return { text: `${prefix}${messageText(sent.message)} -> ${name(sent.to)} (${how})` };
}

/** Of a run without steps there is only the state that things start from. */
function initialTable({ initial }: Run, name: Namer, screen: Screen): string[] {
  const rows = initial.map((view): Cell[] => [
    [{ text: name(view), tone: 'strong' }],
    [{ text: valueText(view.value) }],
    [{ text: hasFields(view.context) ? data(view.context) : '' }],
  ]);
  return columns(rows, INDENT, screen);
}

const hasFields = (context: unknown): boolean =>
  typeof context === 'object' && context !== null && Object.keys(context).length > 0;

// -------------------------------------------------------------------------------------------------------------- the end

function markOf({ property, of, kind }: Verdict, { ends }: Run, name: Namer): string {
  return match(ends)
    .with({ at: 'unhandled', why: 'not taken' }, ({ who, message }) => {
      return `unhandled: ${name(who)} does not take ${messageText(message)} here`;
    })
    .with({ at: 'unhandled', why: 'mailbox full' }, ({ who, message }) => {
      return `unhandled: the mailbox of ${name(who)} has no room for ${messageText(message)}`;
    })
    .with({ at: 'step' }, () => `${quoted(property)} is false of this step`)
    .with({ at: 'state' }, () => {
      if (of === 'deadlock') return 'deadlock here';
      return `${quoted(property)} is ${kind === 'violated' ? 'false' : 'true'} here`;
    })
    .exhaustive();
}

/** A deadlock is what it leaves behind: who is stuck where, and why that may not be. Elsewhere only the mail is news. */
function leftBehind(run: Run, verdicts: readonly Verdict[], name: Namer): string[] {
  const isDeadlock = verdicts.some(({ of }) => of === 'deadlock');
  return finalViews(run).flatMap((view) => {
    const mail = view.mailbox.length === 0 ? [] : [`has mail: ${view.mailbox.map(messageText).join(', ')}`];
    const mayStop = view.done || view.tags.includes('rest');
    const reasons = [...(isDeadlock && !mayStop ? ['not final, not tagged "rest"'] : []), ...mail];
    if (reasons.length === 0) return [];
    const said = reasons.join(', ');
    return [`${name(view)} ${isDeadlock ? `stuck in ${valueText(view.value)} (${said})` : said}`];
  });
}

/** Every actor as the last step left it. */
export function finalViews({ initial, steps }: Run): ActorView[] {
  const views = new Map(initial.map((view) => [keyOf(view), view]));
  for (const { changed } of steps) for (const { after } of changed) views.set(keyOf(after), after);
  return [...views.values()];
}

const keyOf = ({ actor, self }: ActorRef): string => `${safe(actor)}[${self}]`;
