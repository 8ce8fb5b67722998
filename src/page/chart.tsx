import type { JSX } from 'preact';
import type { ChartBox, ChartEdge, ChartLine, Chart as Layout, Point } from '../report/html/page-data.ts';

/** What is known of a transition, for its colour. */
export type Taken = 'now' | 'taken' | 'never' | 'unknown';

interface Props {
  readonly name: string;
  readonly chart: Layout;
  /** The states that are lit, each as its path. */
  readonly lit: ReadonlySet<string>;
  readonly taken: (transition: number) => Taken;
}

/** A statechart, as Graphviz has laid it out. */
export function Chart({ name, chart, lit, taken }: Props): JSX.Element {
  const { width, height, boxes, starts, edges } = chart;
  const frames = boxes.filter(({ kind }) => isFrame(kind));
  const leaves = boxes.filter(({ kind }) => !isFrame(kind));
  return (
    <svg
      class="chart"
      width={width}
      height={height}
      viewBox={`-4 -4 ${width + 8} ${height + 8}`}
      role="img"
      aria-label={`Statechart of ${name}. Its transitions are in the table.`}
    >
      {frames.map((box) => (
        <Box box={box} isLit={lit.has(keyOf(box.path))} taken={taken} />
      ))}
      {edges.map((edge) => (
        <Edge edge={edge} taken={taken} />
      ))}
      {leaves.map((box) => (
        <Box box={box} isLit={lit.has(keyOf(box.path))} taken={taken} />
      ))}
      {starts.map(([x, y]) => (
        <circle class="begin" cx={x} cy={y} r="4" />
      ))}
      {edges.map((edge) => (
        <Labels edge={edge} taken={taken} />
      ))}
    </svg>
  );
}

const isFrame = (kind: ChartBox['kind']): boolean => kind === 'compound' || kind === 'parallel';

export const keyOf = (path: readonly string[]): string => JSON.stringify(path);

/** The states of an XState value, and those that they are in. */
export function litBy(value: unknown, path: readonly string[] = []): string[] {
  const here = [keyOf(path)];
  if (typeof value === 'string') return [...here, keyOf([...path, value])];
  if (typeof value !== 'object' || value === null) return here;
  return [...here, ...Object.entries(value).flatMap(([name, inner]) => litBy(inner, [...path, name]))];
}

const LINE = 14;

interface BoxProps {
  readonly box: ChartBox;
  readonly isLit: boolean;
  readonly taken: Props['taken'];
}

function Box({ box, isLit, taken }: BoxProps): JSX.Element {
  const { x, y, width, height, kind, name, lines, path } = box;
  const inset = isFrame(kind) ? 10 : width / 2;
  const anchor = isFrame(kind) ? 'start' : 'middle';
  const top = isFrame(kind) ? y + 16 : y + (height - lines.length * LINE) / 2 + 4;
  return (
    <g class={`box ${kind}${isLit && path.length > 0 ? ' lit' : ''}`}>
      <rect x={x} y={y} width={width} height={height} rx={isFrame(kind) ? 4 : 9} />
      {kind === 'final' && <rect x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx="7" />}
      <text class="strong" x={x + inset} y={top} text-anchor={anchor}>
        {name}
      </text>
      {lines.map((line, i) => (
        <text class={`on ${taken(line.transition)}`} x={x + inset} y={top + (i + 1) * LINE} text-anchor={anchor}>
          {line.text}
        </text>
      ))}
    </g>
  );
}

/** Of several on one arrow the one that is most alive. */
function colourOf(lines: readonly ChartLine[], taken: Props['taken']): Taken | 'start' {
  const all = lines.map(({ transition }) => taken(transition));
  return (['now', 'taken', 'unknown', 'never'] as const).find((each) => all.includes(each)) ?? 'start';
}

function Edge({ edge, taken }: { readonly edge: ChartEdge; readonly taken: Props['taken'] }): JSX.Element {
  const { points, tip, lines } = edge;
  const last = points.at(-1)!;
  return (
    <g class={`edge ${colourOf(lines, taken)}`}>
      <path class="line" d={curve(points)} />
      <path class="head" d={arrowHead(last, tip)} />
    </g>
  );
}

/** The labels of an arrow stand on top of everything else. */
function Labels({ edge, taken }: { readonly edge: ChartEdge; readonly taken: Props['taken'] }): JSX.Element | null {
  const { label, lines } = edge;
  if (label === undefined) return null;
  const top = label[1] - ((lines.length - 1) * LINE) / 2 + 4;
  return (
    <>
      {lines.map((line, i) => (
        <text class={`over on ${taken(line.transition)}`} x={label[0]} y={top + i * LINE} text-anchor="middle">
          {line.text}
        </text>
      ))}
    </>
  );
}

function curve([first, ...rest]: readonly Point[]): string {
  return `M${first!.join(' ')}C${rest.map((point) => point.join(' ')).join(' ')}`;
}

function arrowHead([x, y]: Point, [tx, ty]: Point): string {
  const [dx, dy] = [tx - x, ty - y];
  const length = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [(-dy / length) * 3.5, (dx / length) * 3.5];
  return `M${tx} ${ty}L${x + nx} ${y + ny}L${x - nx} ${y - ny}z`;
}
