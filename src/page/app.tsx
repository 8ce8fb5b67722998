import type { JSX } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { GraphData, PageData, VariantData } from '../report/html/page-data.ts';
import { Compare } from './compare.tsx';
import type { GraphView } from './graph-view.ts';
import { Machines } from './machines.tsx';
import { Overview } from './overview.tsx';
import { PageContext } from './page.tsx';
import { shown } from './phrases.ts';
import { Promises } from './promises.tsx';
import { type Going, hashOf, type Route, routeOf, SCREENS, type Screen } from './route.ts';
import { Run, RunChoice } from './run.tsx';
import type { Page, Selected } from './selected.ts';
import { onward, Selections } from './selection.ts';
import { Space, VariantChoice } from './space.tsx';
import { fork } from './walk.ts';

const TITLES: Readonly<Record<Screen, string>> = {
  overview: 'Overview',
  run: 'Run',
  machines: 'Machines',
  space: 'State space',
  promises: 'Promises',
  compare: 'Compare',
};

const SCREEN_OF: Readonly<Record<Screen, () => JSX.Element>> = {
  overview: Overview,
  run: Run,
  machines: Machines,
  space: Space,
  promises: Promises,
  compare: Compare,
};

export function App({ data }: { readonly data: PageData }): JSX.Element {
  const selections = useMemo(() => new Selections(data), [data]);
  const [route, go] = useRoute();
  const beyond = useAsking(data, selections);
  const found = selections.of(route);
  const selected: Selected | undefined = found && { ...found, beyond };
  const link = (to: Going): string => hashOf(onward(route, to));
  const page: Page = { data, route, go, link, selected };
  const [isHelped, setHelped] = useState(false);
  useKeys(page, () => setHelped((before) => !before));
  useEffect(() => {
    const what = selected && route.screen !== 'overview' ? `${selected.model.name} ${selected.variant.name}` : 'report';
    document.title = `${TITLES[route.screen]}: ${shown(what, 80)} - Holdfast`;
  });
  const Shown = SCREEN_OF[route.screen];
  return (
    <PageContext.Provider value={page}>
      <a class="skip" href="#content">
        to the content
      </a>
      <header class="top">
        <p class="brand">Holdfast</p>
        <nav aria-label="Screens">
          {SCREENS.map((screen) => (
            <a href={link({ screen })} aria-current={screen === route.screen ? 'page' : undefined}>
              {TITLES[screen]}
            </a>
          ))}
        </nav>
        <Theme />
        <button type="button" class="plain" aria-expanded={isHelped} onClick={() => setHelped(!isHelped)}>
          Keys
        </button>
      </header>
      {isHelped && <Help />}
      {selected !== undefined && route.screen !== 'overview' && route.screen !== 'promises' && (
        <div class="variant">
          <VariantChoice selected={selected} />
          {(route.screen === 'run' || route.screen === 'machines') && <RunChoice selected={selected} />}
        </div>
      )}
      <main id="content" tabIndex={-1}>
        <Shown />
      </main>
    </PageContext.Provider>
  );
}

// --------------------------------------------------------------------------------------------------------------- address

/** How long a reader must rest before the address says where he is: a browser allows so many changes of it and no more. */
const REST = 250;

function useRoute(): readonly [Route, Page['go']] {
  const [route, setRoute] = useState<Route>(() => routeOf(location.hash));
  const current = useRef(route);
  const timer = useRef(0);
  useEffect(() => {
    const onHash = (): void => {
      if (!location.hash.startsWith('#/')) return;
      clearTimeout(timer.current);
      const before = current.current;
      current.current = routeOf(location.hash);
      if (before.screen !== current.current.screen) scrollTo(0, 0);
      setRoute(current.current);
    };
    addEventListener('hashchange', onHash);
    return () => removeEventListener('hashchange', onHash);
  }, []);
  const go = useCallback((to: Going) => {
    const before = current.current;
    current.current = onward(before, to);
    setRoute(current.current);
    const isStep = Object.keys(to).every((key) => key === 'at');
    clearTimeout(timer.current);
    if (!isStep) history.pushState(null, '', hashOf(current.current));
    else timer.current = window.setTimeout(() => history.replaceState(null, '', hashOf(current.current)), REST);
  }, []);
  return [route, go];
}

// --------------------------------------------------------------------------------------------------------- where it ends

/** What can happen in a state that the report does not have: asked of whoever serves it, one question after the other. */
function useAsking(data: PageData, selections: Selections): Selected['beyond'] {
  const [, setAnswers] = useState(0);
  const asked = useRef(new Map<string, string>());
  const last = useRef(Promise.resolve());
  const keyOf = (variant: VariantData, state: number): string => {
    const model = data.models.findIndex(({ variants }) => variants.includes(variant));
    return `${new URLSearchParams({ model: `${model}`, variant: `${data.models[model]!.variants.indexOf(variant)}`, state: `${state}` })}`;
  };
  const ask = (variant: VariantData, state: number): void => {
    const key = keyOf(variant, state);
    if (asked.current.has(key)) return;
    asked.current.set(key, '');
    last.current = last.current.then(async () => {
      // what one has is looked up when it is sent: the answer before has brought more
      const graph = selections.graphOf(variant);
      const failed = await fetched(`graph?${key}&have=${encodeURIComponent(JSON.stringify(graph.lengths))}`, graph);
      asked.current.set(key, failed);
      setAnswers((n) => n + 1);
    });
  };
  return data.served === true
    ? { ask, failed: (variant, state) => asked.current.get(keyOf(variant, state)) ?? '' }
    : undefined;
}

/** Asks and adds the answer; returns why there is none. */
async function fetched(address: string, graph: GraphView): Promise<string> {
  try {
    const response = await fetch(address);
    if (!response.ok) return await response.text();
    graph.append((await response.json()) as GraphData);
    return '';
  } catch {
    return 'Nobody answers any more: is holdfast serve still running?';
  }
}

// ------------------------------------------------------------------------------------------------------------------ keys

const HELP: readonly (readonly [keys: string, what: string])[] = [
  ['j, →', 'next step'],
  ['k, ←', 'step back'],
  ['Home, End', 'the start, the end'],
  ['1 … 9', 'take another step here: what else could happen'],
  ['b', 'back to the run'],
  ['?', 'this help'],
];

function Help(): JSX.Element {
  return (
    <section class="help" aria-label="Keys">
      <dl>
        {HELP.map(([keys, what]) => (
          <div>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function useKeys(page: Page, help: () => void): void {
  const current = useRef({ page, help });
  current.current = { page, help };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const { page: now, help: onHelp } = current.current;
      if (event.key === '?') onHelp();
      else if (!step(now, event)) return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

/** What is typed belongs to the field that it is typed into; a list and a slider have a use for arrows, and so has what scrolls. */
function isTyping({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches('select, textarea, input:not([type=checkbox], [type=range])')) return true;
  return /^(Arrow|Home|End)/.test(key) && target.matches('input[type=range], .diagram, .wide');
}

/** Whether the key means a step here. */
function step({ selected, route, go }: Page, { key }: KeyboardEvent): boolean {
  if (selected === undefined || (route.screen !== 'run' && route.screen !== 'machines')) return false;
  const { at, walk, graph, forkedAt } = selected;
  const last = walk.steps.length;
  const to = (place: number): boolean => {
    go({ at: Math.min(last, Math.max(0, place)) });
    return true;
  };
  switch (key) {
    case 'j':
    case 'ArrowRight':
      return to(at + 1);
    case 'k':
    case 'ArrowLeft':
      return to(at - 1);
    case 'Home':
      return to(0);
    case 'End':
      return to(last);
    case 'b':
      if (forkedAt !== undefined) go({ path: undefined, at: Math.min(at, forkedAt) });
      return forkedAt !== undefined;
    default: {
      const choice = /^[1-9]$/.test(key) && route.screen === 'run' ? Number(key) - 1 : -1;
      if (graph.steps(walk.states[at]!)?.[choice] === undefined) return false;
      if (choice === walk.path[at]) return to(at + 1);
      go({ path: fork(walk, at, choice), at: at + 1 });
      return true;
    }
  }
}

// ----------------------------------------------------------------------------------------------------------------- theme

const THEMES = ['auto', 'light', 'dark'] as const;

function Theme(): JSX.Element {
  const [theme, setTheme] = useState<(typeof THEMES)[number]>(remembered);
  // before anything is painted: no page of the wrong colour flashes up
  useLayoutEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem('holdfast.theme', theme);
    } catch {
      // a page from disk may have no memory
    }
  }, [theme]);
  return (
    <label class="choose theme">
      <span>theme</span>
      <select value={theme} onChange={(event) => setTheme(THEMES[event.currentTarget.selectedIndex]!)}>
        {THEMES.map((each) => (
          <option value={each}>{each}</option>
        ))}
      </select>
    </label>
  );
}

function remembered(): (typeof THEMES)[number] {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem('holdfast.theme')) ?? 'auto';
  } catch {
    return 'auto';
  }
}
