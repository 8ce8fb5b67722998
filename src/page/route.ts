/** What the page shows, as it stands behind the # of its address: a link to it shows the same. */
export interface Route {
  readonly screen: Screen;
  readonly model?: string;
  readonly variant?: string;
  readonly property?: string;
  /** The place on the run, in steps from the initial state. */
  readonly at?: number;
  /** Where the reader has gone his own way: the number of the step that is taken in each state. */
  readonly path?: readonly number[];
  readonly actor?: string;
  /** The other variant of a comparison. */
  readonly other?: string;
}

/** Where to go: what is not said stays, and what is said to be undefined goes. */
export type Going = { readonly [K in keyof Route]?: Route[K] | undefined };

export const SCREENS = ['overview', 'run', 'machines', 'space', 'promises', 'compare'] as const;
export type Screen = (typeof SCREENS)[number];

const NAMES = ['model', 'variant', 'property', 'actor', 'other'] as const;

export function routeOf(hash: string): Route {
  const [screen, query = ''] = hash.replace(/^#\/?/, '').split('?');
  const words = new URLSearchParams(query);
  const at = /^\d+$/.test(words.get('at') ?? '') ? Number(words.get('at')) : undefined;
  const path = words.get('path');
  return {
    screen: SCREENS.find((each) => each === screen) ?? 'overview',
    ...Object.fromEntries(NAMES.flatMap((name) => (words.has(name) ? [[name, words.get(name)!]] : []))),
    ...(at !== undefined && { at }),
    ...(path !== null && /^\d+(\.\d+)*$/.test(path) && { path: path.split('.').map(Number) }),
  };
}

export function hashOf({ screen, at, path, ...names }: Route): string {
  const words = new URLSearchParams();
  for (const name of NAMES) if (names[name] !== undefined) words.set(name, names[name]);
  if (at !== undefined) words.set('at', String(at));
  if (path !== undefined && path.length > 0) words.set('path', path.join('.'));
  const query = String(words);
  return `#/${screen}${query === '' ? '' : `?${query}`}`;
}

/** How much of a name stands in an address. */
const LONGEST = 200;

/** A name as it stands in an address. */
export const inRoute = (name: string): string => name.slice(0, LONGEST);

/** The thing that an address names, or the first. */
export function named<T>(all: readonly T[], name: string | undefined, nameOf: (one: T) => string): T | undefined {
  return all.find((one) => inRoute(nameOf(one)) === name) ?? all[0];
}

/** A model by its name, or, where two of a report have the same, by its file. */
export function modelName(
  models: readonly { readonly name: string; readonly file: string }[],
  { name, file }: { readonly name: string; readonly file: string },
): string {
  return models.some((other) => other.name === name && other.file !== file) ? file : name;
}
