import type { PropertyKind } from '../../explore/verdict.ts';
import { counterexample } from './counterexample.ts';
import { docOf, type Linking } from './doc.ts';
import type { ModelEntry } from './gather.ts';
import { folded, onOneLine, plain, table } from './markdown.ts';
import { anchorOf, type Numbered, tally, vacuity, verdictTable } from './verdicts.ts';

const KINDS: Readonly<Record<string, string>> = {
  always: 'Invariant',
  step: 'Claim about steps',
  precedes: 'Claim about an order',
} satisfies Partial<Record<PropertyKind, string>>;

/** What every model claims, though nobody writes it down. */
const GIVEN: Readonly<Record<string, string>> = {
  deadlock: 'Wherever only the environment can move, every actor may stop where it is, and nobody has mail.',
  unhandled:
    'Whoever is called, or is offered the head of its mailbox, takes the message; a mailbox that must not be full has room.',
} satisfies Partial<Record<PropertyKind, string>>;

/** A claim: what is promised, why it could fail, what it rests on, what was found, and how it fails. */
export function claimSection(entry: ModelEntry, { property, number }: Numbered, links: Linking): string[] {
  const { name, about, at, doc: comment, witness, of } = property;
  const doc = comment === undefined ? undefined : docOf(comment);
  const witnessNumber = entry.properties.findIndex((each) => each.name === witness) + 1;
  const facts = [
    KINDS[of] ?? '',
    witnessNumber > 0 ? `witness [${witnessNumber}](#${anchorOf(witnessNumber)})` : '',
    at === undefined ? '' : `in ${links.file(at.file)}`,
  ].filter((fact) => fact !== '');
  return [
    `### <a id="${anchorOf(number)}"></a>${number}. ${plain(name)}`,
    facts.length === 0 ? '' : `${facts.join(', ')}.`,
    GIVEN[of] ?? '',
    about === undefined ? '' : `**${plain(about, 2_000)}**`,
    doc === undefined ? '' : links.prose(about === undefined ? doc.text : besides(doc.text, name)),
    ...(doc?.sees ?? []).map((seen) => `Source: ${links.prose(seen)}`),
    [tally(entry, property), ...vacuity(entry, property).map((reason) => `Vacuous: ${plain(reason, 400)}.`)].join(' '),
    ...counterexample(entry, name),
  ];
}

/** A comment without the paragraph that says the promise once more: it begins with the name of what is promised. */
const besides = (text: string, name: string): string =>
  text.startsWith(`${name}:`)
    ? text
        .split(/\n\s*\n/)
        .slice(1)
        .join('\n\n')
    : text;

/** The states that must be reachable lest claims hold for want of anything to constrain, and in which variants they are. */
export const witnessBlocks = (entry: ModelEntry, witnesses: readonly Numbered[], links: Linking): string[] =>
  witnesses.length === 0
    ? []
    : [
        table(
          ['', 'witness', 'what it shows', 'found'],
          witnesses.map(({ property, number }) => [
            `<a id="${anchorOf(number)}"></a>${number}`,
            plain(property.name),
            [property.about, property.doc === undefined ? undefined : docOf(property.doc).text]
              .filter((text) => text !== undefined)
              .map((text) => links.prose(onOneLine(text)))
              .join('\n'),
            tally(entry, property),
          ]),
        ),
        folded('After how many steps, in each variant', verdictTable(entry, witnesses, false)),
      ];
