import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type Arrow, type Band, GUTTER, type Lane, type Diagram as Layout, LETTER } from './diagram-layout.ts';

interface Props {
  readonly layout: Layout;
  readonly at: number;
  readonly onPick: (at: number) => void;
  readonly onHide: (slot: number) => void;
}

/** The way as a sequence diagram. What is drawn does not change while one steps through it; only the light does. */
export function Diagram({ layout, at, onPick, onHide }: Props): JSX.Element {
  const frame = useRef<HTMLElement>(null);
  const { width, height, lanes, bands } = layout;
  const drawn = useMemo(() => <Drawing layout={layout} />, [layout]);
  const numbers = useMemo(() => <Numbers bands={bands} height={Math.max(height, 40)} />, [layout]);
  const band = bands[at - 1];
  const tall = Math.max(height, 40);

  // in the next frame, when it is laid out anyway: who steps fast is not held up by each step
  useEffect(() => {
    const frameId = requestAnimationFrame(() => {
      const box = frame.current;
      if (box === null) return;
      const { y, height: extent } = band ?? { y: 0, height: 0 };
      box.scrollTop = inSight(y, y + extent, box.scrollTop, box.clientHeight - HEAD);
      if (band === undefined) return;
      const [left, right] = extentOf(band);
      box.scrollLeft = inSight(left, right, box.scrollLeft, box.clientWidth);
    });
    return () => cancelAnimationFrame(frameId);
  }, [band]);

  const pick = (event: MouseEvent & { readonly currentTarget: SVGSVGElement }): void => {
    const { top } = event.currentTarget.getBoundingClientRect();
    const y = event.clientY - top;
    const picked = bands.findIndex((each) => y >= each.y && y < each.y + each.height);
    if (picked >= 0) onPick(picked + 1);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="diagram" ref={frame} tabIndex={0} aria-label="Sequence diagram">
      <div class="lanes" style={{ width: `${width}px` }}>
        {lanes.map((lane) => (
          <LaneHead lane={lane} onHide={onHide} />
        ))}
      </div>
      {band !== undefined && (
        <div
          class="current"
          style={{ transform: `translateY(${band.y}px)`, height: `${band.height}px`, width: `${width}px` }}
        />
      )}
      {numbers}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the page step too, and the table of steps has buttons */}
      <svg
        class="drawing"
        width={width}
        height={tall}
        viewBox={`0 0 ${width} ${tall}`}
        role="img"
        aria-label={`${lanes.length} actors, ${bands.length} steps. The same is in the table of steps.`}
        onClick={pick}
      >
        {drawn}
        {bands.length === 0 && (
          <text x={GUTTER} y="24">
            No step has been taken yet.
          </text>
        )}
      </svg>
    </section>
  );
}

interface NumbersProps {
  readonly bands: readonly Band[];
  readonly height: number;
}

/** The numbers of the steps, which stay in sight on the left. */
function Numbers({ bands, height }: NumbersProps): JSX.Element {
  return (
    <svg class="numbers" width={GUTTER} height={height} aria-hidden="true">
      <rect class="ground" width={GUTTER - 4} height={height} />
      {bands.map(({ y, trigger }, i) => (
        <g>
          <line class="rule" x1="0" y1={y} x2={GUTTER} y2={y} />
          <text class="number over" x={GUTTER - 12} y={trigger.y + 4} text-anchor="end">
            {i + 1}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Where to scroll to, so that all from one place to another is seen, or at least its beginning; no farther than needed. */
function inSight(from: number, to: number, scrolled: number, room: number): number {
  if (from < scrolled || to - from > room) return from;
  return to > scrolled + room ? to - room : scrolled;
}

/** From where to where a step has something to see. */
function extentOf({ trigger, arrows, marks }: Band): [left: number, right: number] {
  const places = [trigger.x, ...arrows.flatMap(({ from, to }) => [from, to]), ...marks.map(({ x }) => x)];
  const ends = [trigger, ...arrows.map(({ from, to, text }) => ({ x: Math.min(from, to), text }))];
  const written = ends.map(({ x, text }) => x + text.length * LETTER + 20);
  return [Math.min(...places) - MARGIN, Math.max(...places, ...written)];
}

const MARGIN = 80;

/** The height of the names, which stay in sight. */
const HEAD = 46;

function LaneHead({ lane, onHide }: { readonly lane: Lane; readonly onHide: (slot: number) => void }): JSX.Element {
  const { slot, name, state, x, width } = lane;
  return (
    <div class="lane" style={{ left: `${x - width / 2}px`, width: `${width}px` }}>
      <button type="button" onClick={() => onHide(slot)} title={`${name}: hide this lane`}>
        {name}
      </button>
      <span class="faint" title={`begins in ${state}`}>
        {state}
      </span>
    </div>
  );
}

function Drawing({ layout }: { readonly layout: Layout }): JSX.Element {
  const { height, lanes, bands, width } = layout;
  return (
    <g>
      {lanes.map(({ x }) => (
        <line class="lifeline" x1={x} y1="0" x2={x} y2={height} />
      ))}
      {bands.map((band) => (
        <BandOf band={band} width={width} />
      ))}
    </g>
  );
}

function BandOf({ band, width }: { readonly band: Band; readonly width: number }): JSX.Element {
  const { trigger, arrows, marks, broken } = band;
  return (
    <g>
      <line class="rule" x1="0" y1={band.y} x2={width} y2={band.y} />
      <Trigger {...trigger} />
      {arrows.map((arrow) => (
        <ArrowOf arrow={arrow} />
      ))}
      {marks.map(({ x, y, width: w, text, kind }) => (
        <g class={`mark ${kind}`}>
          <rect x={x - w / 2} y={y - 9} width={w} height="18" rx={kind === 'state' ? 9 : 2} />
          <text x={x} y={y + 4} text-anchor="middle">
            {text}
          </text>
        </g>
      ))}
      {broken !== undefined && (
        <g class="broken">
          <path d={`M${broken.x - 6} ${broken.y - 6}l12 12m0 -12l-12 12`} />
          <text class="over" x={broken.x + 12} y={broken.y + 4}>
            {broken.text}
          </text>
        </g>
      )}
    </g>
  );
}

/** A dot where an actor goes on by itself; a square for mail, a diamond for a delay, a ring for what is lost. */
function Trigger({ x, y, text, cause }: Band['trigger']): JSX.Element {
  return (
    <g class={`trigger ${cause}`}>
      {cause === 'mailbox' && <rect x={x - 5} y={y - 5} width="10" height="10" />}
      {cause === 'delay' && <path d={`M${x - 6} ${y}l6 -6l6 6l-6 6z`} />}
      {(cause === 'spontaneous' || cause === 'loss') && <circle cx={x} cy={y} r="5" />}
      <text class="over strong" x={x + 10} y={y + 4}>
        {text}
      </text>
    </g>
  );
}

function ArrowOf({ arrow }: { readonly arrow: Arrow }): JSX.Element {
  const { from, to, y, text, kind } = arrow;
  const isSelf = from === to;
  const way = to > from ? 1 : -1;
  const line = isSelf ? `M${from} ${y - 6}h22v10h-20` : `M${from} ${y + 2}H${to - way * 2}`;
  const head = isSelf ? `M${from + 8} ${y}l-6 4l6 4` : `M${to - way * 8} ${y - 2}l${way * 7} 4l${-way * 7} 4`;
  return (
    <g class={`arrow ${kind}`}>
      <path class="line" d={line} />
      <path class="head" d={head} />
      <text class="over" x={isSelf ? from + 28 : Math.min(from, to) + 8} y={isSelf ? y + 4 : y - 3}>
        {text}
      </text>
    </g>
  );
}
