/** The network graph: layers with shapes and weights; zoom, pan, keyboard, export. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatCount, formatShape } from '../../common/format.ts';
import type { GraphNode, NetworkGraph, NodeViz } from '../../common/graph.ts';
import type { FromPanel } from '../../common/panelMessages.ts';
import { pictureOf, toPng } from './exportPicture.ts';
import { Mark } from './layerMark.tsx';
import { layoutNetwork, type NetworkLayout, NODE } from './layout.ts';
import type { Watching } from './useWatch.ts';
import type { LayerMark } from './watch.ts';
import { WatchControls } from './watchControls.tsx';

export interface NetworkViewProps {
  readonly graph: NetworkGraph;
  readonly name: string;
  readonly selected: string | null;
  /** Absent where nothing trains, and so nothing is to be watched. */
  readonly watching?: Watching | undefined;
  send(message: FromPanel): void;
}

interface View {
  /** Null: fitted into the frame. */
  readonly scale: number | null;
  readonly x: number;
  readonly y: number;
}

const FITTED: View = { scale: null, x: 0, y: 0 };
const ZOOM_STEP = 1.25;
/** A pointer that has moved further was dragging, not clicking. */
const CLICK_PX = 4;
/** In pixels; a longer network is drawn smaller, and zoomed into. */
const MOST_HEIGHT = 620;
const MOST_WATCHED_HEIGHT = 820;
const NO_MARKS: ReadonlyMap<string, LayerMark> = new Map();

export function NetworkView({ graph, name, selected, watching, send }: NetworkViewProps) {
  const isWatchable = watching !== undefined;
  const layout = useMemo(() => layoutNetwork(graph, isWatchable), [graph, isWatchable]);
  const [view, setView] = useState<View>(FITTED);
  const svg = useRef<SVGSVGElement>(null);
  const zoom = (factor: number) => setView(zoomed(view, factor));
  const save = async (format: 'svg' | 'png') => {
    if (svg.current !== null) {
      const picture = pictureOf(svg.current, layout);
      const content = format === 'svg' ? picture : await toPng(picture, layout);
      send({ type: 'save', format, suggestedName: `${name} network`, content });
    }
  };
  const total = graph.nodes.reduce<number | null>(
    (sum, node) => (sum === null || node.parameterCount === null ? null : sum + node.parameterCount),
    0,
  );
  return (
    <section class="network" aria-label="Network graph">
      <header class="section-head">
        <h2>Network</h2>
        <span class="muted">
          {sizeText(graph)}
          {total === null ? '' : `, ${formatCount(total)} weights`}
        </span>
        <span class="spring" />
        {watching === undefined ? null : <WatchButton {...watching} />}
        <IconButton icon="zoom-in" label="Zoom In" onClick={() => zoom(ZOOM_STEP)} />
        <IconButton icon="zoom-out" label="Zoom Out" onClick={() => zoom(1 / ZOOM_STEP)} />
        <IconButton icon="screen-full" label="Fit the Whole Network" onClick={() => setView(FITTED)} />
        <button type="button" class="plain" onClick={() => void save('svg')} title="Save as SVG">
          SVG
        </button>
        <button type="button" class="plain" onClick={() => void save('png')} title="Save as PNG">
          PNG
        </button>
      </header>
      {layout.showsBranches ? null : (
        <p class="muted">
          The network branches too much to be drawn side by side; its layers stand in the recipe's order.
        </p>
      )}
      <NetworkPicture
        {...{ graph, layout, view, selected, send, svg }}
        marks={watching?.marks ?? NO_MARKS}
        mostHeight={isWatchable ? MOST_WATCHED_HEIGHT : MOST_HEIGHT}
        onView={setView}
      />
      {watching === undefined ? null : <WatchControls {...watching.controls} />}
    </section>
  );
}

function WatchButton({ isOn, toggle }: Pick<Watching, 'isOn' | 'toggle'>) {
  return (
    <button
      type="button"
      class="plain watch-button"
      aria-pressed={isOn}
      title="Show gradients, activations, dead units and times of the layers, and look at them after every epoch"
      onClick={toggle}
    >
      <span class="codicon codicon-pulse" aria-hidden="true" /> Watch Layers
    </button>
  );
}

/** Our own input is no layer; another tool's graph has more nodes than layers. */
function sizeText({ nodes }: NetworkGraph): string {
  return nodes.some(({ viz }) => viz !== undefined) ? `${nodes.length} nodes` : `${nodes.length - 1} layers`;
}

function zoomed(view: View, factor: number): View {
  return { ...view, scale: Math.min(8, Math.max(0.1, (view.scale ?? 1) * factor)) };
}

function IconButton({ icon, label, onClick }: { icon: string; label: string; onClick(): void }) {
  return (
    <button type="button" class="plain icon" title={label} aria-label={label} onClick={onClick}>
      <span class={`codicon codicon-${icon}`} aria-hidden="true" />
    </button>
  );
}

interface PictureProps {
  readonly graph: NetworkGraph;
  readonly layout: NetworkLayout;
  readonly view: View;
  readonly selected: string | null;
  readonly svg: { current: SVGSVGElement | null };
  readonly marks: ReadonlyMap<string, LayerMark>;
  readonly mostHeight: number;
  send(message: FromPanel): void;
  onView(view: View): void;
}

function NetworkPicture(props: PictureProps) {
  const { graph, layout, view, selected, svg, marks, mostHeight, send, onView } = props;
  const [focused, setFocused] = useState(0);
  const size = useSize(svg);
  const drag = useRef<{ x: number; y: number; view: View } | null>(null);
  const hasMoved = useRef(false);
  const hasRecipe = graph.nodes.some(({ recipePath }) => recipePath !== undefined);
  const reveal = (node: GraphNode) => {
    if (hasRecipe) {
      send({ type: 'reveal', path: node.recipePath ?? 'data' });
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    const move = moves[event.key];
    if (move !== undefined) {
      const next = Math.min(graph.nodes.length - 1, Math.max(0, focused + move));
      setFocused(next);
      svg.current?.querySelector<SVGGElement>(`[data-index="${next}"]`)?.focus();
    } else if (event.key === '+' || event.key === '=') {
      onView(zoomed(view, ZOOM_STEP));
    } else if (event.key === '-') {
      onView(zoomed(view, 1 / ZOOM_STEP));
    } else if (event.key === '0') {
      onView(FITTED);
    } else {
      return;
    }
    event.preventDefault();
  };
  useWheelZoom(svg, view, onView);
  return (
    <svg
      ref={svg}
      class="network-picture"
      viewBox={frameOf(layout, size)}
      height={Math.min(mostHeight, layout.height)}
      role="group"
      aria-label={`${graph.nodes.length} layers; arrow keys move between them${hasRecipe ? ', Enter shows the line in the recipe' : ''}`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        drag.current = { x: event.clientX, y: event.clientY, view };
        hasMoved.current = false;
      }}
      onPointerMove={(event) => {
        const from = drag.current;
        if (from !== null && event.buttons === 1) {
          hasMoved.current ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > CLICK_PX;
          onView({
            scale: from.view.scale ?? 1,
            x: from.view.x + (event.clientX - from.x) * perPixel(svg.current),
            y: from.view.y + (event.clientY - from.y) * perPixel(svg.current),
          });
        }
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
    >
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale ?? 1})`}>
        {layout.edges.map(({ edge, points }) => (
          <g key={`${edge.from}→${edge.to}`} class="edge">
            <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} />
            <EdgeLabel shape={formatShape(edge.shape)} points={points} />
          </g>
        ))}
        {graph.nodes.map((node, index) => (
          <LayerNode
            key={node.id}
            {...{ node, index }}
            place={layout.nodes[index] ?? { x: 0, y: 0 }}
            height={layout.nodeHeight}
            mark={marks.get(node.id)}
            isSelected={node.id === selected}
            isTabStop={index === focused}
            onFocus={() => setFocused(index)}
            onOpen={() => reveal(node)}
            onClick={() => (hasMoved.current ? undefined : reveal(node))}
          />
        ))}
      </g>
    </svg>
  );
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The whole drawing, centred, never drawn larger than it is: text keeps the editor's size. */
function frameOf(layout: Size, shown: Size): string {
  const width = Math.max(layout.width, shown.width);
  const height = Math.max(layout.height, shown.height);
  return `${(layout.width - width) / 2} ${layout.height < shown.height ? 0 : (layout.height - height) / 2} ${width} ${height}`;
}

/** How much of the drawing one pixel of the screen is. */
function perPixel(svg: SVGSVGElement | null): number {
  return 1 / (svg?.getScreenCTM()?.a ?? 1);
}

function useSize(svg: { current: SVGSVGElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) =>
      setSize({ width: entry?.contentRect.width ?? 0, height: entry?.contentRect.height ?? 0 }),
    );
    if (svg.current !== null) {
      observer.observe(svg.current);
    }
    return () => observer.disconnect();
  }, [svg]);
  return size;
}

/** Wheel listeners of a page are passive unless said otherwise; a zoom must keep the page from scrolling. */
function useWheelZoom(svg: { current: SVGSVGElement | null }, view: View, onView: (view: View) => void): void {
  useEffect(() => {
    const target = svg.current;
    const onWheel = (event: WheelEvent) => {
      // A plain wheel scrolls the page; with Ctrl (a pinch, too) it zooms, as in the editor.
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        onView(zoomed(view, event.deltaY < 0 ? 1.1 : 1 / 1.1));
      }
    };
    target?.addEventListener('wheel', onWheel, { passive: false });
    return () => target?.removeEventListener('wheel', onWheel);
  }, [svg, view, onView]);
}

function EdgeLabel({ shape, points }: { shape: string; points: readonly { x: number; y: number }[] }) {
  const middle = points[Math.floor((points.length - 1) / 2)] ?? { x: 0, y: 0 };
  const next = points[Math.floor((points.length - 1) / 2) + 1] ?? middle;
  return (
    <text class="edge-shape" x={(middle.x + next.x) / 2 + 6} y={(middle.y + next.y) / 2 + 4}>
      {shape}
    </text>
  );
}

interface LayerNodeProps {
  readonly node: GraphNode;
  readonly index: number;
  readonly place: { readonly x: number; readonly y: number };
  readonly height: number;
  readonly mark: LayerMark | undefined;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  onFocus(): void;
  onOpen(): void;
  onClick(): void;
}

function LayerNode(props: LayerNodeProps) {
  const { node, index, place, height, mark, isSelected, isTabStop, onFocus, onOpen, onClick } = props;
  const title = [node.id, node.type === node.id ? '' : node.type, node.activation ?? '']
    .filter((part) => part !== '')
    .join(' · ');
  const weights = node.parameterCount === 0 ? '' : `${formatCount(node.parameterCount)} weights`;
  const plainFacts = [formatShape(node.outputShape), weights].filter((part) => part !== '').join(' · ');
  const facts = [plainFacts, node.detail ?? ''].filter((part) => part !== '').join(' · ');
  return (
    <g
      class={['layer', isSelected ? 'selected' : '', node.viz === undefined ? '' : `viz ${node.viz.group}`]
        .join(' ')
        .trim()}
      transform={`translate(${place.x - NODE.width / 2} ${place.y - height / 2})`}
      data-index={index}
      role="button"
      tabIndex={isTabStop ? 0 : -1}
      aria-label={`${title}, output ${facts}${mark === undefined ? '' : `, ${mark.text}`}`}
      aria-current={isSelected ? 'true' : undefined}
      onFocus={onFocus}
      onClick={onClick}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          onOpen();
          event.preventDefault();
        }
      }}
    >
      <title>{`${title}\n${facts}`}</title>
      {node.viz === undefined ? (
        <>
          <rect width={NODE.width} height={height} rx="3" />
          <text class="layer-title" x="10" y="18">
            {cut(title.length > TITLE_LETTERS ? shortTitle(node) : title, TITLE_LETTERS)}
          </text>
          <text class="layer-facts" x="10" y="35">
            {cut(height === NODE.watchedHeight ? plainFacts : facts, 34)}
          </text>
          {height === NODE.watchedHeight && mark === undefined ? (
            <text class="layer-facts" x="10" y="50">
              {cut(node.detail ?? '', 34)}
            </text>
          ) : null}
          {mark === undefined ? null : <Mark mark={mark} />}
        </>
      ) : (
        <VizLabel viz={node.viz} weights={weights} height={height} />
      )}
    </g>
  );
}

/** As graph.viz has it: the operation, its name, its sizes; and how many weights, which graph.viz does not say. */
function VizLabel({ viz, weights, height }: { viz: NodeViz; weights: string; height: number }) {
  const [operation = '', name = '', ...sizes] = viz.label.split('\n');
  const last = [...sizes, weights].filter((part) => part !== '').join(' · ');
  return (
    <>
      <rect width={NODE.width} height={height} rx={viz.form === 'oval' ? height / 2 : 3} />
      <g text-anchor="middle">
        <text class="layer-title" x={NODE.width / 2} y={last === '' ? 27 : 19}>
          {cut(operation, 27)}
        </text>
        <text class="layer-facts" x={NODE.width / 2} y={last === '' ? 43 : 35}>
          {cut(name, 30)}
        </text>
        <text class="layer-facts" x={NODE.width / 2} y="51">
          {cut(last, 32)}
        </text>
      </g>
    </>
  );
}

/** So many bold letters fit into a box. */
const TITLE_LETTERS = 24;

/** A name that was made from the type says it already. */
function shortTitle({ id, type, activation }: GraphNode): string {
  const isMade = id.startsWith(type) && /^\d*$/.test(id.slice(type.length));
  return [id, isMade ? '' : type, activation ?? ''].filter((part) => part !== '').join(' · ');
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
