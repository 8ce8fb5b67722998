import type { JSX } from 'preact';
import { shown } from './phrases.ts';
import type { Page, Selected } from './selected.ts';

/** Why a run violates its property, where that was worked out, and the nearest run in which all goes well. */
export function Why({ page, selected }: { readonly page: Page; readonly selected: Selected }): JSX.Element | null {
  const { go } = page;
  const { verdict } = selected;
  if (verdict?.why === undefined) return null;
  const { instead, why } = verdict;
  return (
    <details class="why">
      <summary>Why: {shown(summaryOf(why), 200)}</summary>
      <dl>
        {why.map(([head, lines]) => (
          <div>
            <dt>{head}</dt>
            <dd>
              {lines.map((line) => (
                <p>{withSteps(shown(line, 600), (at) => go({ path: undefined, at }))}</p>
              ))}
              {head === 'instead' && instead !== undefined && (
                <button type="button" onClick={() => go({ path: instead, at: 0 })}>
                  walk the run in which all goes well
                </button>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** The fault in a sentence, or else the claim. */
const summaryOf = (why: NonNullable<NonNullable<Selected['verdict']>['why']>): string =>
  (why.find(([head]) => head === 'fault') ?? why[0]!)[1].join(' ');

/** A step that is named can be gone to. */
function withSteps(text: string, go: (at: number) => void): (string | JSX.Element)[] {
  return text.split(/(\bstep \d+)/).map((part) => {
    const [, at] = /^step (\d+)$/.exec(part) ?? [];
    if (at === undefined) return part;
    return (
      <button type="button" class="link" onClick={() => go(Number(at))}>
        {part}
      </button>
    );
  });
}
