import type { ComponentChildren, JSX } from 'preact';
import type { Said } from '../report/html/compare.ts';
import type { SourcePlace } from '../report/html/page-data.ts';
import { shown } from './phrases.ts';
import { lookOf } from './verdicts.ts';

/** Small things that many screens are made of. */

export function Name({ name, most }: { readonly name: string; readonly most?: number }): JSX.Element {
  const text = shown(name, most);
  return <span {...(text.endsWith('…') && { title: shown(name, 2_000) })}>{text}</span>;
}

export function Badge({ verdict }: { readonly verdict: Said }): JSX.Element {
  const { tone, sign, word, isNews } = lookOf(verdict);
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{sign}</span> {word}
      {isNews && <span class="news">, expected {verdict.expected}</span>}
    </span>
  );
}

export function Place({ at }: { readonly at: SourcePlace | undefined }): JSX.Element | null {
  if (at === undefined) return null;
  return (
    <code class="place">
      {shown(at.file)}:{at.line}
    </code>
  );
}

/** A comment as its author wrote it: paragraphs, and `@see` by itself. */
export function Doc({ text }: { readonly text: string | undefined }): JSX.Element | null {
  if (text === undefined || text === '') return null;
  const [prose = '', ...tags] = text.slice(0, 20_000).split(/^(?=@\w+)/m);
  return (
    <div class="doc">
      {prose
        .split(/\n\s*\n/)
        .filter((part) => part.trim() !== '')
        .map((part) => (
          <p>{prosaic(shown(part.replace(/\s*\n\s*/g, ' ').trim(), 4_000))}</p>
        ))}
      {tags.map((tag) => (
        <p class="faint">
          {shown(
            tag
              .replace(/\s*\n\s*/g, ' ')
              .replace(/^@see\s+/, 'See ')
              .trim(),
            2_000,
          )}
        </p>
      ))}
    </div>
  );
}

/** What stands in backquotes is code. */
const prosaic = (text: string): ComponentChildren =>
  text.split('`').map((part, i) => (i % 2 === 1 ? <code>{part}</code> : part));

interface Choice {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChoose: (value: string) => void;
}

export function Choose({ label, value, options, onChoose }: Choice): JSX.Element {
  return (
    <label class="choose">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A table that may be wider than the screen: it scrolls by itself, with the keyboard too. */
export function Wide({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="wide" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
