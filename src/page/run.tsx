import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { Ahead } from './ahead.tsx';
import { Badge, Choose, Name } from './bits.tsx';
import { Diagram } from './diagram.tsx';
import { diagramOf, lanesOf } from './diagram-layout.ts';
import { Lamps } from './lamps.tsx';
import { usePage } from './page.tsx';
import { arrowed, CAUSES, changeLines, messageOf, nameOf, sentText, shown, triggerText } from './phrases.ts';
import { inRoute } from './route.ts';
import type { Page, Selected } from './selected.ts';
import { StateTable } from './state-table.tsx';
import { StepCard } from './step-card.tsx';
import { afterText, limitText, lookOf } from './verdicts.ts';
import { Why } from './why.tsx';

/** A run, step by step: who does what, what it changes, what each property says, and what else could have happened. */
export function Run(): JSX.Element {
  const page = usePage();
  const { selected } = page;
  if (selected === undefined) return <p>There is no run: no model could be checked.</p>;
  return <RunOf page={page} selected={selected} />;
}

function RunOf({ page, selected }: { readonly page: Page; readonly selected: Selected }): JSX.Element {
  const { go } = page;
  const { graph, walk, at } = selected;
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const [all, setAll] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const layout = useMemo(() => diagramOf(graph, walk, lanesOf(graph, walk, hidden, all)), [graph, walk, hidden, all]);
  return (
    <>
      <RunHead selected={selected} />
      <Why page={page} selected={selected} />
      <Stepper page={page} selected={selected} />
      <div class="run">
        <div class="main">
          <div class="filters">
            <fieldset class="choice">
              <legend class="unseen">How the run is shown</legend>
              <button type="button" aria-pressed={!asTable} onClick={() => setAsTable(false)}>
                Diagram
              </button>
              <button type="button" aria-pressed={asTable} onClick={() => setAsTable(true)}>
                Table
              </button>
            </fieldset>
            {!asTable && (
              <label>
                <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} /> all{' '}
                {graph.actors.length} actors
              </label>
            )}
            {hidden.size > 0 && (
              <button type="button" onClick={() => setHidden(new Set())}>
                show {hidden.size} hidden
              </button>
            )}
          </div>
          <div class={asTable ? 'print-only' : ''}>
            <Diagram
              layout={layout}
              at={at}
              onPick={(place) => go({ at: place })}
              onHide={(slot) => setHidden(new Set([...hidden, slot]))}
            />
          </div>
          <div class={asTable ? '' : 'print-only'}>
            <StepsTable page={page} selected={selected} at={asTable ? at : -1} />
          </div>
        </div>
        <StepCard selected={selected} />
        <Ahead selected={selected} />
        <Lamps selected={selected} onPick={(place) => go({ at: place })} />
      </div>
      <StateTable selected={selected} />
    </>
  );
}

function RunHead({ selected }: { readonly selected: Selected }): JSX.Element {
  const { variant, verdict } = selected;
  return (
    <header class="runhead">
      <h1>{verdict === undefined ? 'A walk from the start' : <Name name={verdict.property} most={120} />}</h1>
      {verdict !== undefined && (
        <p>
          <Badge verdict={verdict} /> {afterText(verdict)}
        </p>
      )}
      {variant.limit !== undefined && <p class="doubt">? {limitText(variant.limit)}</p>}
    </header>
  );
}

/** Which run is looked at. */
export function RunChoice({ selected }: { readonly selected: Selected }): JSX.Element {
  const { go } = usePage();
  const { variant, verdict } = selected;
  const having = variant.verdicts.filter(({ run }) => run !== undefined);
  const options = having.map((each) => ({
    value: inRoute(each.property),
    text: `${lookOf(each).sign} ${shown(each.property, 70)} (${lookOf(each).word}${each.steps === undefined ? '' : `, ${each.steps}`})`,
  }));
  return (
    <Choose
      label="run"
      value={verdict === undefined ? '' : inRoute(verdict.property)}
      options={[...options, { value: '', text: 'a walk of your own, from the start' }]}
      onChoose={(property) => go({ property, at: 0 })}
    />
  );
}

/** Where one is on the way, and how to go on. */
function Stepper({ page, selected }: { readonly page: Page; readonly selected: Selected }): JSX.Element {
  const { go } = page;
  const { walk, at, forkedAt } = selected;
  const last = walk.steps.length;
  return (
    <fieldset class="stepper">
      <legend class="unseen">Steps</legend>
      <button type="button" onClick={() => go({ at: 0 })} disabled={at === 0} title="Home">
        start
      </button>
      <button type="button" onClick={() => go({ at: at - 1 })} disabled={at === 0} aria-keyshortcuts="k ArrowLeft">
        ◀ back
      </button>
      <button type="button" onClick={() => go({ at: at + 1 })} disabled={at === last} aria-keyshortcuts="j ArrowRight">
        next ▶
      </button>
      <button type="button" onClick={() => go({ at: last })} disabled={at === last} title="End">
        end
      </button>
      <input
        type="range"
        min="0"
        max={last}
        value={at}
        aria-label="step"
        onInput={(event) => go({ at: Number(event.currentTarget.value) })}
      />
      <output>
        step {at} of {last}
      </output>
      {forkedAt !== undefined && (
        <span class="forked">
          your own way since step {forkedAt}{' '}
          <button
            type="button"
            onClick={() => go({ path: undefined, at: Math.min(at, forkedAt) })}
            aria-keyshortcuts="b"
          >
            back to the run
          </button>
        </span>
      )}
    </fieldset>
  );
}

interface StepsProps {
  readonly page: Page;
  readonly selected: Selected;
  readonly at: number;
}

/** The same as the diagram, for who reads tables, and for paper. It is drawn anew only where it shows something new. */
function StepsTable({ page, selected, at }: StepsProps): JSX.Element {
  const { graph, walk } = selected;
  const rows = useMemo(
    () =>
      walk.steps.map((step, i) => {
        const from = walk.states[i]!;
        const slots = graph.changed(from, step.to).sort((a, b) => Number(b === step.slot) - Number(a === step.slot));
        return {
          actor: nameOf(graph.actors[step.slot]!),
          cause: CAUSES[step.cause],
          message: triggerText(step),
          changed: slots.flatMap((slot) =>
            changeLines(graph.view(from, slot), graph.view(step.to, slot))
              .map(arrowed)
              .map((line) => (slot === step.slot ? line : `${nameOf(graph.actors[slot]!)}: ${line}`)),
          ),
          sent: step.sent.map(
            (sent) => `${messageOf(sent.message, 80)} → ${nameOf(graph.actors[sent.to]!)} (${sentText(sent)})`,
          ),
        };
      }),
    [graph, walk],
  );
  return useMemo(
    () => (
      <table class="steps">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">actor</th>
            <th scope="col">message</th>
            <th scope="col">what changed</th>
            <th scope="col">sent</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr aria-current={at === i + 1 ? 'step' : undefined}>
              <td>
                <button type="button" onClick={() => page.go({ at: i + 1 })}>
                  {i + 1}
                </button>
              </td>
              <th scope="row">
                {row.actor} <span class="faint">{row.cause}</span>
              </th>
              <td>
                <code>{row.message}</code>
              </td>
              <td>
                {row.changed.map((line) => (
                  <div>{line}</div>
                ))}
              </td>
              <td>
                {row.sent.map((line) => (
                  <div>{line}</div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    ),
    [rows, at],
  );
}
