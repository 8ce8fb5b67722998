import { isSameActor } from '../explore/actor-ref.ts';
import type { Explanation, Instead, Reason } from '../explore/explain/explanation.ts';
import type { Message } from '../explore/model.ts';
import type { ActorRef, Run, RunStep, StepLabel, Verdict } from '../explore/verdict.ts';
import { type Cell, columns } from './columns.ts';
import type { Screen } from './screen.ts';
import { actorNames, data, keyText, messageText, plural, quoted, safe } from './text.ts';

const INDENT = 4;
/** How many lines of a kind are printed, how many items of a list, and how long a message may be with its payload. */
const LINES = 6;
const ITEMS = 6;
/** Steps that must not meet: where there are more, they say little. */
const PARTIES = 4;
const LONG = 60;

/**
 * Why a run violates its properties, in a few lines below it: what is claimed, who races and which step goes wrong,
 * what the predicate was told, which order matters, and what should have happened instead. What is the same of
 * several properties is said once.
 */
export function whyLines(verdicts: readonly Verdict[], run: Run, screen: Screen): string[] {
  const said = new Set<string>();
  const rows = verdicts.flatMap((verdict) =>
    sectionsOf(verdict, run).flatMap(([head, lines]): Cell[][] => {
      const code = `${head} ${lines.join('\n')}`;
      if (lines.length === 0 || said.has(code)) return [];
      said.add(code);
      return [[[{ text: head, tone: 'faint' }], lines.map((text) => ({ text }))]];
    }),
  );
  return rows.length === 0 ? [] : ['', ...columns(rows, INDENT, screen)];
}

/** What is said under one head. */
export type Section = readonly [head: string, lines: readonly string[]];

/** All that {@link whyLines} says of one verdict, by its heads; some are empty. */
export function sectionsOf({ about, explanation }: Verdict, run: Run): Section[] {
  const claim: Section = ['claim', about === undefined ? [] : [safe(about)]];
  if (explanation === undefined) return [claim];
  const teller = new Teller(explanation, run);
  return [
    claim,
    ['fault', [teller.fault()]],
    ['why', teller.reasons()],
    ['order', teller.order()],
    ['needed', teller.needed()],
    ['instead', teller.instead()],
  ];
}

/** The racing actors and the step that goes wrong, in one sentence. */
export function faultText(explanation: Explanation, run: Run): string {
  return new Teller(explanation, run).fault();
}

/** Puts an explanation into words; steps are counted from 1. */
class Teller {
  readonly #explanation: Explanation;
  readonly #run: Run;
  readonly #name: (ref: ActorRef) => string;

  constructor(explanation: Explanation, run: Run) {
    this.#explanation = explanation;
    this.#run = run;
    this.#name = actorNames(run.initial);
  }

  fault(): string {
    if (this.#run.steps.length === 0) return 'no race: it is so from the start';
    const parties = this.#parties();
    const [first, ...others] = parties.map(({ who, step }) => (step === undefined ? who : `${who} (step ${step})`));
    const { alone } = this.#explanation;
    if (alone !== undefined) return `no race, ${this.#name(alone)} alone: ${this.#wrong([])}`;
    return others.length === 0 ? this.#wrong([]) : `${first} races with ${enumerated(others)}; ${this.#wrong(parties)}`;
  }

  /** Who has made the predicate so, where these are threads of their own; or who should have waited for whom. */
  #parties(): Party[] {
    const { reasons, order, instead } = this.#explanation;
    const threadOf = (step: number): number => threadIn(order, step);
    const since = reasons.map((reason) => reason.since).filter((step) => step > 0);
    const last = since.length > 0 ? since : [this.#run.steps.length];
    // of each thread the last step: the ones before it belong to the same one's doing
    const byThread = new Map(last.sort((a, b) => a - b).map((step) => [threadOf(step), step]));
    const steps = [...byThread.values()].sort((a, b) => a - b);
    const makers = steps.map((step) => ({ who: this.#name(this.#label(step)), step }));
    if (new Set(makers.map(({ who }) => who)).size > 1) return makers;
    // or who should have waited: somebody else, or, on the way to this, this one, for somebody else
    const awaited = awaitedStep(instead);
    const wrong = instead === undefined || instead === 'none' ? undefined : instead.same + 1;
    const mine = last.at(-1)!;
    const actor = this.#name(this.#label(mine));
    if (awaited === undefined || wrong === undefined) return [];
    const other: Party =
      threadOf(wrong) === threadOf(mine)
        ? { who: this.#name(awaited.label) }
        : { who: this.#name(this.#label(wrong)), step: wrong };
    return other.who === actor ? [] : [{ who: actor, step: mine }, other];
  }

  #wrong(parties: readonly Party[]): string {
    const { instead, tooLate } = this.#explanation;
    const end = this.#run.steps.length;
    const breaks = `step ${end} breaks it: ${this.#step(this.#label(end))}`;
    if (tooLate !== undefined)
      return tooLate === end
        ? breaks
        : `once step ${tooLate} is taken (${this.#step(this.#label(tooLate))}) nothing avoids it; ${breaks}`;
    if (instead === undefined) return breaks;
    if (instead === 'none') return `no run that comes to an end keeps it; ${breaks}`;
    const at = instead.same + 1;
    const text = `step ${at}${this.#leadingTo(parties, at)} ${instead.early ? 'comes too early' : 'goes wrong'}: ${this.#step(this.#label(at))}`;
    const awaited = awaitedStep(instead);
    if (awaited !== undefined) {
      const comes = instead.awaited?.comes;
      const other = `${this.#name(awaited.label)} ${safe(awaited.label.message.type)}`;
      if (instead.early) return `${text}, before ${other}`;
      return comes === undefined
        ? `${text} does not wait for ${other}`
        : `${text} comes before ${other} (step ${comes})`;
    }
    return instead.next === 1 ? `${text}, where ${this.#step(instead.steps[0]!.label)} would do no harm` : text;
  }

  /** Where an actor goes wrong who is none of those who race: to whose step its own leads. */
  #leadingTo(parties: readonly Party[], at: number): string {
    const { order } = this.#explanation;
    const actor = this.#name(this.#label(at));
    if (parties.some(({ who }) => who === actor)) return '';
    const on = parties.find(({ step = 0 }) => step > at && threadIn(order, step) === threadIn(order, at));
    return on === undefined ? '' : `, on the way to step ${on.step},`;
  }

  reasons(): string[] {
    return limited(this.#explanation.reasons, LINES, 'more').map((reason) =>
      typeof reason === 'string' ? reason : this.#reason(reason),
    );
  }

  #reason(reason: Reason): string {
    const { tag, path, value, since } = reason;
    const who = this.#name(reason);
    const moment = reason.in === undefined ? '' : `${reason.in} the step `;
    const when = since === 0 ? 'from the start' : `since step ${since}, ${this.#name(this.#label(since))}`;
    if (tag !== undefined) return `${moment}${who} is ${value === true ? '' : 'not '}tagged ${quoted(tag)} (${when})`;
    if (path === undefined) {
      const mail = value as readonly Message[];
      return `${moment}${who} has ${mail.length === 0 ? 'no mail' : `mail: ${mail.map(messageText).join(', ')}`} (${when})`;
    }
    return `${moment}${who}: ${pathText(path)} is ${data(value)} (${when})`;
  }

  /** The threads of control, and which of their steps must come before which: nothing where there is only one. */
  order(): string[] {
    const { threads, across } = this.#explanation.order;
    if (threads.length < 2) return [];
    const blocks = threads.map((thread) =>
      blocksOf(thread, this.#run)
        .map((block) => this.#block(block))
        .join(', '),
    );
    const pairs = limited(across, ITEMS, 'more').map((pair) =>
      typeof pair === 'string' ? pair : `${pair[0]} before ${pair[1]}`,
    );
    const said = `across them only ${pairs.join(', ')} ${pairs.length === 1 ? 'matters' : 'matter'}`;
    return [...limited(blocks, LINES, 'more threads'), pairs.length === 0 ? 'across them no order matters' : said];
  }

  /** One actor's steps, as they follow each other: `unbind 1-3, 7`. */
  #block(blocks: readonly (readonly number[])[]): string {
    const ranges = blocks.map((steps) => (steps.length === 1 ? `${steps[0]}` : `${steps[0]}-${steps.at(-1)}`));
    return `${this.#name(this.#label(blocks[0]![0]!))} ${ranges.join(', ')}`;
  }

  /** The steps without which all goes on and nothing is violated, and those that are not needed for the violation. */
  needed(): string[] {
    const of = (leaves: string) =>
      this.#explanation.leftOut.filter((each) => each.leaves === leaves).map(({ step }) => step);
    const [kept, idle] = [of('kept'), of('violated')];
    return [
      ...(kept.length < 2 || kept.length > PARTIES
        ? []
        : [`without step ${listed(kept, 'or')} the others go on, and nothing is violated`]),
      ...(idle.length === 0 ? [] : [`not needed: step ${listed(idle, 'and')}`]),
    ];
  }

  instead(): string[] {
    const { instead } = this.#explanation;
    if (instead === undefined || instead === 'none') return [];
    const { same, steps, next } = instead;
    const start = same === 0 ? 'from the start' : `after step ${same}`;
    const fine = instead.keeps === 'all' ? 'no property is violated' : 'it holds, though not every other property does';
    if (steps.length === 0) return [];
    const first = firstSteps(instead);
    const leftOut = (next ?? Math.max(0, ...first) + 1) - 1 - first.length;
    const more = leftOut === 0 ? '' : ` and ${plural(leftOut, 'other step')}`;
    const texts = first.length === 0 ? [] : [`${this.#grouped(first.map((step) => steps[step - 1]!))}${more}`];
    if (next !== undefined) texts.push(this.#step(steps[next - 1]!.label));
    const end = instead.end === 'settled' ? `; to its end (${plural(steps.length, 'step')})` : ';';
    return [`${start}: ${texts.join(', then ')}${end} ${fine}`];
  }

  /** Steps, those of one actor together: `mount superblock.read, log.read; holder ops.installed`. */
  #grouped(steps: readonly RunStep[]): string {
    const groups: { who: string; what: string[] }[] = [];
    for (const { label } of steps) {
      const who = this.#name(label);
      if (groups.at(-1)?.who !== who) groups.push({ who, what: [] });
      groups.at(-1)!.what.push(safe(label.message.type));
    }
    return groups.map(({ who, what }) => `${who} ${shortened(what).join(', ')}`).join('; ');
  }

  #label(step: number): StepLabel {
    return this.#run.steps[step - 1]!.label;
  }

  #step(label: StepLabel): string {
    const text = messageText(label.message);
    return `${this.#name(label)} ${text.length > LONG ? safe(label.message.type) : text}`;
  }
}

/** One of those who race, and which of its steps it is. */
interface Party {
  readonly who: string;
  readonly step?: number;
}

const threadIn = ({ threads }: Explanation['order'], step: number): number =>
  threads.findIndex((thread) => thread.includes(step));

const awaitedStep = (instead: Explanation['instead']): RunStep | undefined =>
  instead === undefined || instead === 'none' || instead.awaited === undefined
    ? undefined
    : instead.steps[instead.awaited.step - 1];

/** The steps of the better run that have to come first: what is awaited, with what that depends on. */
function firstSteps({ awaited, next, steps }: Instead): number[] {
  if (awaited !== undefined) return [...awaited.behind, awaited.step];
  return Array.from({ length: next === undefined ? steps.length : next - 1 }, (_, i) => i + 1);
}

/** The steps of a thread by actor, as these take turns, and of each turn its steps in rows without a gap. */
function blocksOf(thread: readonly number[], run: Run): number[][][] {
  const turns: number[][][] = [];
  for (const step of thread) {
    const previous = turns.at(-1)?.at(-1)?.at(-1);
    if (previous === undefined || !areOfOneActor(run, previous, step)) turns.push([[step]]);
    else if (previous === step - 1) turns.at(-1)!.at(-1)!.push(step);
    else turns.at(-1)!.push([step]);
  }
  return turns;
}

function areOfOneActor({ steps }: Run, a: number, b: number): boolean {
  return isSameActor(steps[a - 1]!.label, steps[b - 1]!.label);
}

const pathText = (path: readonly (string | number)[]): string =>
  path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${keyText(key)}`)).join('');

const enumerated = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const listed = (steps: readonly number[], word: string): string =>
  steps.length === 1 ? String(steps[0]) : `${steps.slice(0, -1).join(', ')} ${word} ${steps.at(-1)}`;

/** The first and the last of a long list. */
const shortened = (texts: readonly string[]): readonly string[] =>
  texts.length <= ITEMS ? texts : [...texts.slice(0, 2), `… (${texts.length - 4} more)`, ...texts.slice(-2)];

/** As many as are shown, and how many more there are. */
const limited = <T>(all: readonly T[], most: number, noun: string): (T | string)[] =>
  all.length <= most ? [...all] : [...all.slice(0, most), `${all.length - most} ${noun}`];
