import { styleText } from 'node:util';

/** What a piece of text is to its reader. Colours repeat what the words say, they never say it alone. */
export type Tone = 'good' | 'bad' | 'doubt' | 'strong' | 'faint';

/** Where a report is read. */
export interface Screen {
  /** In columns; a table keeps to it. */
  readonly width: number;
  /** How long a line may be that stands for itself: in a log all of it is wanted. */
  readonly longest: number;
  readonly paint: (tone: Tone, text: string) => string;
}

/** How wide a report is where nobody knows: in a pipe, a file, a log. */
const PIPED_WIDTH = 120;
/** Below this a table is no longer one. */
const NARROWEST = 60;

const STYLES = { good: 'green', bad: 'red', doubt: 'yellow', strong: 'bold', faint: 'dim' } as const;

export const plainScreen = (width: number): Screen => ({
  width,
  longest: Number.POSITIVE_INFINITY,
  paint: (_, text) => text,
});

/** The screen behind a stream. NO_COLOR, FORCE_COLOR and what the terminal can do are `styleText`'s to judge. */
export function screenOf(stream: NodeJS.WriteStream, colour: boolean): Screen {
  const width = stream.isTTY ? Math.max(NARROWEST, stream.columns || PIPED_WIDTH) : PIPED_WIDTH;
  const longest = stream.isTTY ? width : Number.POSITIVE_INFINITY;
  if (!colour) return { ...plainScreen(width), longest };
  return { width, longest, paint: (tone, text) => styleText(STYLES[tone], text, { stream }) };
}
