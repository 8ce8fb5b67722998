import type { Chart, ChartBox, ChartEdge, Point } from '../html/page-data.ts';
import { safe } from '../text.ts';
import { clipped } from './markdown.ts';

/**
 * A statechart as a picture: what `chartOf` has laid out, in a file that needs nothing else. It has a ground of its own,
 * since whoever shows it may show it on black.
 *
 * @param before the first line of the file
 */
export function svgOf(name: string, chart: Chart, before: string): string {
  const { width, height, boxes, starts, edges } = chart;
  const frames = boxes.filter(isFrame);
  const leaves = boxes.filter((box) => !isFrame(box));
  const box = `${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`;
  const size = `width="${width + 2 * MARGIN}" height="${height + 2 * MARGIN}"`;
  return `${[
    before,
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="${box}" role="img">`,
    `<title>Statechart of ${xml(safe(clipped(name)))}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" x="${-MARGIN}" y="${-MARGIN}" width="100%" height="100%"/>`,
    ...frames.map(boxOf),
    ...edges.map(arrowOf),
    ...leaves.map(boxOf),
    ...starts.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="4"/>`),
    ...edges.flatMap(labelsOf),
    '</svg>',
  ].join('\n')}\n`;
}

const MARGIN = 8;
const LINE = 14;

const STYLE = [
  '.ground{fill:#fff}',
  'text{font:11px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:#444}',
  'text.name{font-weight:700;fill:#111}',
  '.mid{text-anchor:middle}',
  '.over{stroke:#fff;stroke-width:3px;paint-order:stroke}',
  '.frame{fill:none;stroke:#9aa4b2}',
  '.parallel{stroke-dasharray:5 4}',
  '.state{fill:#f2f5fa;stroke:#55606e}',
  '.line{fill:none;stroke:#667}',
  '.head{fill:#667}',
].join('');

const isFrame = ({ kind }: ChartBox): boolean => kind === 'compound' || kind === 'parallel';

function boxOf(box: ChartBox): string {
  const { x, y, width, height, kind, name, lines } = box;
  const framed = isFrame(box);
  const left = x + (framed ? 10 : width / 2);
  const top = framed ? y + 16 : y + (height - lines.length * LINE) / 2 + 4;
  const middle = framed ? '' : ' mid';
  const style = framed ? `frame${kind === 'parallel' ? ' parallel' : ''}` : 'state';
  return [
    `<rect class="${style}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${framed ? 4 : 9}"/>`,
    kind === 'final'
      ? `<rect class="${style}" x="${x + 3}" y="${y + 3}" width="${width - 6}" height="${height - 6}" rx="7"/>`
      : '',
    `<text class="name${middle}" x="${left}" y="${top}">${xml(name)}</text>`,
    ...lines.map(
      ({ text }, i) => `<text class="on${middle}" x="${left}" y="${top + (i + 1) * LINE}">${xml(text)}</text>`,
    ),
  ].join('');
}

function arrowOf({ points, tip }: ChartEdge): string {
  const [first, ...rest] = points;
  const line = `M${first!.join(' ')}C${rest.map((point) => point.join(' ')).join(' ')}`;
  return `<path class="line" d="${line}"/><path class="head" d="${headOf(points.at(-1)!, tip)}"/>`;
}

function headOf([x, y]: Point, [tx, ty]: Point): string {
  const [dx, dy] = [tx - x, ty - y];
  const length = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [(-dy / length) * 3.5, (dx / length) * 3.5].map((n) => Math.round(n * 10) / 10) as [number, number];
  return `M${tx} ${ty}L${x + nx} ${y + ny}L${x - nx} ${y - ny}z`;
}

/** What stands beside an arrow is drawn last, so that nothing is drawn over it. */
function labelsOf({ label, lines }: ChartEdge): string[] {
  if (label === undefined) return [];
  const top = label[1] - ((lines.length - 1) * LINE) / 2 + 4;
  return lines.map(({ text }, i) => `<text class="over mid" x="${label[0]}" y="${top + i * LINE}">${xml(text)}</text>`);
}

/** Text as XML has it; what is not seen has been written out before. */
const xml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
