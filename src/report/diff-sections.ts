import type { Refinement } from '../explore/refine.ts';
import type { Report, Verdict } from '../explore/verdict.ts';
import { delayText } from './change.ts';
import { changeTexts } from './changes.ts';
import {
  type ActorMessage,
  type ComparedVariant,
  type Diff,
  isOpen,
  type VerdictChange,
  type Version,
} from './diff.ts';
import { counterexampleLines, eventText, uncoveredText } from './refinement.ts';
import { runLines } from './run.ts';
import type { Screen } from './screen.ts';
import { plural, quoted, safe } from './text.ts';
import { whyLines } from './why.ts';
import { limitText, verdictText } from './words.ts';

/** One difference: a line, and below it what shows it. Both are safe to be shown. */
export interface DiffSection {
  readonly title: string;
  /** Not of the kind that a difference is: what is the same all the same, or what is not known. */
  readonly tone?: 'good' | 'doubt';
  readonly lines: readonly string[];
}

/** What the two versions are called. */
export interface Names {
  readonly base: string;
  readonly head: string;
}

export const namesOf = ({ base, head }: Pick<Diff, 'base' | 'head'>): Names => ({
  base: nameOf(base),
  head: nameOf(head),
});

const nameOf = ({ name }: Version): string => (name === '.' ? 'this folder' : safe(name));

const unseenText = 'nothing that is observed ever happens';

/** How many transitions with one fate are named. */
const NAMED = 6;

/** Every difference of a variant, the gravest first. */
export function sectionsOf(entry: ComparedVariant, names: Names, screen: Screen): DiffSection[] {
  const { verdicts, changes, messages, behaviours } = entry;
  const figures = changeTexts(changes, NAMED);
  const messageTexts = [
    ...(messages.head.length === 0 ? [] : [`only in ${names.head}: ${messageList(messages.head)}`]),
    ...(messages.base.length === 0 ? [] : [`only in ${names.base}: ${messageList(messages.base)}`]),
  ];
  return [
    ...verdicts
      .filter((change) => !isOpen(change))
      .toSorted((a, b) => gravity(a) - gravity(b))
      .map((change) => verdictSection(change, entry, names, screen)),
    ...openSections(verdicts.filter(isOpen), entry, names),
    ...figures.map((title) => ({ title, lines: [] })),
    ...messageTexts.map((text) => ({ title: `messages ${text}`, lines: [] })),
    ...(behaviours.kind === 'same graph'
      ? [{ title: 'the same states and steps, and so the same behaviours', tone: 'good' as const, lines: [] }]
      : behaviourSections(behaviours, messageTexts.length > 0, names, screen)),
  ];
}

// ----------------------------------------------------------------------------------------------------------------- verdicts

/** What a change of a verdict is. */
type VerdictNews = 'new violation' | 'violation gone' | 'verdict' | 'new property' | 'property gone' | 'open';

function newsOf(change: VerdictChange): VerdictNews {
  const { base, head } = change;
  if (isOpen(change)) return 'open';
  if (head === undefined) return 'property gone';
  if (head.kind === 'violated') return 'new violation';
  if (base === undefined) return 'new property';
  return base.kind === 'violated' ? 'violation gone' : 'verdict';
}

const ORDER: readonly VerdictNews[] = [
  'new violation',
  'violation gone',
  'verdict',
  'new property',
  'property gone',
  'open',
];
const gravity = (change: VerdictChange): number => ORDER.indexOf(newsOf(change));

function verdictSection(change: VerdictChange, entry: ComparedVariant, names: Names, screen: Screen): DiffSection {
  const { property, base, head, expected } = change;
  const news = newsOf(change);
  const was = base === undefined ? `not there in ${names.base}` : `${said(base, entry.base)} in ${names.base}`;
  const is = head === undefined ? `not there in ${names.head}` : said(head, entry.head);
  const asExpected = head?.kind === expected ? `as ${names.head} expects` : `${names.head} expects ${expected}`;
  const shown = news === 'new violation' ? head : news === 'violation gone' ? base : undefined;
  const run = shown?.run;
  return {
    title: `${news}: ${quoted(property)} ${is}, ${was}${head === undefined ? '' : `, ${asExpected}`}`,
    lines: run === undefined ? [] : [...runLines(run, [shown!], screen), ...whyLines([shown!], run, screen)],
  };
}

/** What is not known for the same reason stands together. */
function openSections(changes: readonly VerdictChange[], { base, head }: ComparedVariant, names: Names): DiffSection[] {
  const why = (change: VerdictChange): string =>
    `${said(change.head!, head)} in ${names.head}, ${said(change.base!, base)} in ${names.base}`;
  return [...Map.groupBy(changes, why)].map(([reason, all]) => ({
    title: `${all.map(({ property }) => quoted(property)).join(', ')}: ${reason}`,
    tone: 'doubt',
    lines: [],
  }));
}

const said = (verdict: Verdict, { limit }: Report): string =>
  verdict.kind === 'unknown' && limit !== undefined ? `unknown (${limitText(limit)})` : verdictText(verdict);

// --------------------------------------------------------------------------------------------------------------- behaviours

function behaviourSections(
  { added, gone }: Extract<ComparedVariant['behaviours'], { kind: 'traces' }>,
  isPartial: boolean,
  names: Names,
  screen: Screen,
): DiffSection[] {
  const sections = [
    ...refinementSections(added, 'new behaviour', 'there are new behaviours', names.base, screen),
    ...refinementSections(gone, 'behaviour gone', 'behaviours are gone', names.head, screen),
  ];
  if (sections.length > 0) return sections;
  const isBlind = added.kind === 'vacuous' && gone.kind === 'vacuous';
  const title = isBlind ? unseenText : `the same behaviours${isPartial ? ', as far as both know the messages' : ''}`;
  return [{ title, tone: 'good', lines: [] }];
}

/** @param other the version that cannot do it */
function refinementSections(
  refinement: Refinement,
  news: string,
  question: string,
  other: string,
  screen: Screen,
): DiffSection[] {
  if (refinement.kind === 'unknown')
    return [{ title: `unknown whether ${question}: ${uncoveredText(refinement)}`, tone: 'doubt', lines: [] }];
  if (refinement.kind !== 'refuted') return [];
  const event = eventText(refinement.seen.at(-1)!.at(-1)!, refinement.run);
  const after = plural(refinement.run.steps.length, 'step');
  return [
    {
      title: `${news}: ${event}, after ${after} (shortest); ${other} cannot do this there`,
      lines: counterexampleLines(refinement, other, screen),
    },
  ];
}

// ----------------------------------------------------------------------------------------------------------------- in short

/** A variant in a few words. */
export function shortTexts({ verdicts, changes, messages, behaviours }: ComparedVariant): string[] {
  const news = Map.groupBy(verdicts, newsOf);
  const counted = ORDER.flatMap((kind) => {
    const many = news.get(kind)?.length ?? 0;
    return many === 0 ? [] : [many === 1 ? SINGLE[kind] : `${many} ${SEVERAL[kind]}`];
  });
  const [states] = changeTexts(changes.filter(({ what }) => what === 'states'));
  const others = changes.some(({ what }) => what !== 'states');
  return [
    ...counted,
    ...(states === undefined ? [] : [states]),
    ...(others ? ['other figures'] : []),
    ...(messages.base.length + messages.head.length === 0 ? [] : ['other messages']),
    ...behaviourTexts(behaviours),
  ];
}

const SINGLE: Readonly<Record<VerdictNews, string>> = {
  'new violation': 'a new violation',
  'violation gone': 'a violation gone',
  verdict: 'another verdict',
  'new property': 'a new property',
  'property gone': 'a property gone',
  open: 'a verdict unknown',
};
const SEVERAL: Readonly<Record<VerdictNews, string>> = {
  'new violation': 'new violations',
  'violation gone': 'violations gone',
  verdict: 'other verdicts',
  'new property': 'new properties',
  'property gone': 'properties gone',
  open: 'verdicts unknown',
};

function behaviourTexts(behaviours: ComparedVariant['behaviours']): string[] {
  if (behaviours.kind === 'same graph') return ['the same states and steps'];
  const { added, gone } = behaviours;
  const texts = [
    ...(added.kind === 'refuted' ? ['new behaviours'] : []),
    ...(gone.kind === 'refuted' ? ['behaviours gone'] : []),
    ...(added.kind === 'unknown' ? ['unknown whether new behaviours'] : []),
    ...(gone.kind === 'unknown' ? ['unknown whether behaviours gone'] : []),
  ];
  const isBlind = added.kind === 'vacuous' && gone.kind === 'vacuous';
  return texts.length === 0 ? [isBlind ? unseenText : 'the same behaviours'] : texts;
}

/** By actor: `lock taken, released; thread after 5`. */
function messageList(messages: readonly ActorMessage[]): string {
  const byActor = Map.groupBy(messages, ({ actor }) => actor);
  return [...byActor]
    .map(([actor, own]) => `${safe(actor)} ${[...new Set(own.map(({ message }) => delayText(message)))].join(', ')}`)
    .join('; ');
}
