import { Graph, layout as runDagre } from '@dagrejs/dagre';
import type { DrawnBox, DrawnEdge, DrawnGraph, DrawnNode } from './model.ts';

export interface Rectangle { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
export interface Laid<T> { readonly what: T; readonly area: Rectangle }
export interface LaidEdge { readonly what: DrawnEdge; readonly points: readonly { readonly x: number; readonly y: number }[]; readonly label?: { readonly x: number; readonly y: number; readonly text: string } }

export interface LaidGraph {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Laid<DrawnNode>[];
  /** Outer boxes before inner ones. */
  readonly boxes: readonly Laid<DrawnBox>[];
  readonly edges: readonly LaidEdge[];
}

export type Direction = 'right' | 'down';

/** Beyond this a drawing is neither readable nor quick to lay out. */
export const LARGEST_DRAWING = 400;

const CARD = { height: 50, narrowest: 104, widest: 250 } as const;
const HEAD_HEIGHT = 30;
const LABEL_LENGTH = 24;
/** Characters of a condition. */
export const HEAD_LENGTH = 34;

/** Places cards, boxes and edges with dagre (Sugiyama's layers). The same graph always gives the same drawing. */
export function layOut(graph: DrawnGraph, direction: Direction): LaidGraph {
  const sheet = new Graph({ compound: true });
  sheet.setGraph({ rankdir: direction === 'right' ? 'LR' : 'TB', nodesep: 22, ranksep: direction === 'right' ? 22 : 26, edgesep: 14, marginx: 12, marginy: 12 });
  for (const box of graph.boxes) sheet.setNode(`box ${box.id}`, {});
  for (const node of graph.nodes) sheet.setNode(`node ${node.id}`, { width: widthOf(node), height: node.kind === 'task' ? CARD.height : HEAD_HEIGHT });
  for (const box of graph.boxes) if (box.box !== undefined) sheet.setParent(`box ${box.id}`, `box ${box.box}`);
  for (const node of graph.nodes) if (node.box !== undefined) sheet.setParent(`node ${node.id}`, `box ${node.box}`);
  for (const edge of graph.edges) {
    const label = shortLabel(edge, direction);
    sheet.setEdge(`node ${edge.from}`, `node ${edge.to}`, label === '' ? { width: 0, height: 0 } : { width: textWidth(label, 10.5) + 6, height: 16, labelpos: 'c' });
  }
  runDagre(sheet);
  const areaOf = (name: string): Rectangle => {
    const { x, y, width, height } = sheet.node(name) as Required<Rectangle>;
    return { x: x - width / 2, y: y - height / 2, width, height };
  };
  const { width = 0, height = 0 } = sheet.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: graph.nodes.map((what) => ({ what, area: areaOf(`node ${what.id}`) })),
    // A box without anything in it has no place.
    boxes: graph.boxes.filter((box) => sheet.children(`box ${box.id}`).length > 0).map((what) => ({ what, area: areaOf(`box ${what.id}`) })),
    edges: graph.edges.map((what): LaidEdge => {
      const { points = [], x, y } = sheet.edge(`node ${what.from}`, `node ${what.to}`) as { points?: { x: number; y: number }[]; x?: number; y?: number };
      return { what, points, ...(what.label !== '' && x !== undefined && y !== undefined ? { label: { x, y, text: shortLabel(what, direction) } } : {}) };
    }),
  };
}

/** What fits onto an edge; the whole label is its tooltip. From left to right a label takes width, so it says only what leaves. */
function shortLabel({ label }: DrawnEdge, direction: Direction): string {
  const leaving = label.split(', ').map((part) => part.split(' → ')[0]!);
  return shorten(direction === 'right' ? [...new Set(leaving)].join(', ') : label, LABEL_LENGTH);
}

export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** There is no font to measure with: an estimate for the usual sans-serif faces, on the wide side. */
export function textWidth(text: string, size: number): number {
  return text.length * size * 0.55;
}

/** Characters of a card's title that fit into the widest card. */
export const TITLE_LENGTH = 27;

function widthOf(node: DrawnNode): number {
  if (node.kind !== 'task') return textWidth(shorten(node.title, HEAD_LENGTH), 11.5) + 24;
  const text = Math.max(textWidth(shorten(node.title, TITLE_LENGTH), 15), textWidth(shorten(node.subtitle ?? '', 30), 11)) + 48;
  return Math.min(CARD.widest, Math.max(CARD.narrowest, text));
}
