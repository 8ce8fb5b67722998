import type { Come, SideName, Unread } from '../report/diff.ts';
import type { Subject } from '../report/outcome.ts';
import type { Side } from './diff-side.ts';
import type { Pair } from './diff-variants.ts';
import type { Loaded } from './load.ts';

/** What both versions have, and what one of them alone has. */
interface Matched {
  readonly pairs: readonly Pair[];
  readonly others: readonly (Come | Unread)[];
}

type Sides = Readonly<Record<SideName, Side>>;

/**
 * Models are the same where they have the same name; where one version has several of a name, where they are in the same file too. So
 * are variants by their names.
 *
 * @param isMeant which variants, by name
 */
export function matched(sides: Sides, isMeant: (variant: string) => boolean): Matched {
  const { base, head } = sides;
  const several = new Set([base, head].flatMap(({ loaded }) => repeated(loaded.map(({ model }) => model.name))));
  const nameOf = ({ model, file }: Loaded): string =>
    several.has(model.name) ? `${model.name} (${file})` : model.name;
  const named = ({ loaded }: Side) => new Map(loaded.map((one) => [nameOf(one), one]));
  const [before, after] = [named(base), named(head)];
  const unread = (['base', 'head'] as const).flatMap((side) => unreadOf(sides, side, nameOf));
  const hidden = new Set(unread.flatMap(({ models }) => models));
  const come = (kind: 'new' | 'gone', model: string, variants: readonly string[]): Come[] => {
    const meant = variants.filter(isMeant);
    return hidden.has(model) || meant.length === 0 ? [] : [{ kind, model, variants: meant }];
  };
  const all = [...after].map(([model, young]) => {
    const old = before.get(model);
    if (old === undefined) return { pairs: [], others: come('new', model, namesOf(young)) };
    const one = (kind: 'new' | 'gone', names: readonly string[], than: readonly string[]) =>
      names
        .filter((name) => isMeant(name) && !than.includes(name))
        .map((variant): Come => ({ kind, model, variant, variants: [] }));
    const others = [...one('new', namesOf(young), namesOf(old)), ...one('gone', namesOf(old), namesOf(young))];
    const pairs = subjectsOf(head, young).flatMap((mine): Pair[] => {
      const theirs = subjectsOf(base, old).find(({ variant }) => variant.name === mine.variant.name);
      return theirs === undefined || !isMeant(mine.variant.name) ? [] : [{ model, base: theirs, head: mine }];
    });
    return { pairs, others };
  });
  const gone = [...before].flatMap(([model, old]) => (after.has(model) ? [] : come('gone', model, namesOf(old))));
  return {
    pairs: all.flatMap(({ pairs }) => pairs),
    others: [...unread, ...all.flatMap(({ others }) => others), ...gone],
  };
}

/** A file that one version cannot read may hold what the other has in it: nothing is said of that. */
function unreadOf(sides: Sides, side: SideName, nameOf: (one: Loaded) => string): Unread[] {
  const other = sides[side === 'base' ? 'head' : 'base'];
  return sides[side].unloadable.map(({ file, message }) => {
    const models = other.loaded.filter((one) => one.file === file).map(nameOf);
    return { kind: 'unread', side, file, message, models };
  });
}

const namesOf = ({ model }: Loaded): string[] => model.variants.map(({ name }) => name);

const subjectsOf = ({ fileText }: Side, { model, file }: Loaded): Subject[] =>
  model.variants.map((variant) => ({ model, variant, file: fileText(file), args: [], isNamesake: true }));

const repeated = (names: readonly string[]): string[] => names.filter((name, i) => names.indexOf(name) < i);
