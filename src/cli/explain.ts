import type { Code } from '../explore/codes.ts';
import { editDistance } from '../explore/spec-error.ts';
import { columns } from '../report/columns.ts';
import { type Screen, screenOf } from '../report/screen.ts';
import { quoted, safe } from '../report/text.ts';
import { pages } from './errors/pages.ts';
import { UsageError } from './usage-error.ts';

/** Says what an error means, shows what brings it about, and says what to do; without a code lists all there are. */
export function explainCommand(code: string | undefined, { color }: { readonly color: boolean }): 0 {
  const screen = screenOf(process.stdout, color);
  const lines = code === undefined ? listLines(screen) : pageLines(codeOf(code), screen);
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/**
 * Codes may be typed as one likes, and without what they all begin with.
 *
 * @throws UsageError where there is no such code
 */
function codeOf(typed: string): Code {
  const upper = typed.toUpperCase();
  const found = (Object.keys(pages) as Code[]).find((code) => code === upper || code === `E-${upper}`);
  if (found !== undefined) return found;
  throw new UsageError(`no error has the code ${quoted(typed)}`, {
    code: 'E-CODE',
    where: `explain ${safe(typed)}`,
    why: `there are ${Object.keys(pages).length} codes, and this is none of them`,
    instead: `${nearest(upper, Object.keys(pages)).join(', ')} are the nearest; holdfast explain lists them all`,
  });
}

/** How many codes are offered to who has mistyped one. */
const OFFERED = 3;

/** The known codes nearest to a mistyped one, which may lack what all begin with. */
const nearest = (typed: string, known: readonly string[]): string[] => {
  const word = typed.replace(/^E-?/, '');
  return known.toSorted((a, b) => editDistance(word, a.slice(2)) - editDistance(word, b.slice(2))).slice(0, OFFERED);
};

const INDENT = 2;

function pageLines(code: Code, screen: Screen): string[] {
  const { means, example, remedy } = pages[code];
  const rows = [
    ['means', means],
    ['example', example],
    ['what to do', remedy],
  ].map(([head, text]) => [[{ text: head!, tone: 'faint' as const }], [{ text: text! }]]);
  return [screen.paint('strong', code), ...columns(rows, INDENT, screen)];
}

function listLines(screen: Screen): string[] {
  const rows = (Object.keys(pages) as Code[])
    .toSorted()
    .map((code) => [[{ text: code, tone: 'strong' as const }], [{ text: firstSentence(pages[code].means) }]]);
  return columns(rows, 0, screen);
}

const firstSentence = (text: string): string => /^.*?[.:](?=\s|$)/s.exec(text)![0].replace(/:$/, '.');
