import { html, raw, type Markup } from '../../dsl/util/markup.ts';
import { describeStanding, type Standing } from '../words/status.ts';
import { HEAD_LENGTH, layOut, shorten, textWidth, TITLE_LENGTH, type Direction, type LaidEdge, type LaidGraph, type Rectangle } from './layout.ts';
import type { DrawnBox, DrawnGraph, DrawnNode } from './model.ts';

/** What a run adds to a card. */
export interface CardNote {
  readonly standing: Standing;
  /** The second line: a time, or how many items. */
  readonly text: string;
  /** Where a click leads. */
  readonly link?: string;
  readonly tooltip: string;
}

export interface SvgOptions {
  readonly direction: Direction;
  readonly notes?: ReadonlyMap<string, CardNote>;
  /** Text for those who cannot see it. */
  readonly description: string;
  /** For the `marker` elements: unique in the page. */
  readonly prefix: string;
  readonly styles?: Markup;
}

/** The graph as SVG. Colours are classes: the page that holds it, or `styles`, says what they look like. */
export function drawSvg(graph: DrawnGraph, options: SvgOptions): Markup {
  const laid = layOut(graph, options.direction);
  const arrow = `${options.prefix}-arrow`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="graph" viewBox="0 0 ${laid.width} ${laid.height}" width="${laid.width}" height="${laid.height}" role="img" aria-label="${options.description}">
<desc>${options.description}</desc>${options.styles}
<defs><marker id="${arrow}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="arrow" d="M0 0.5L7.5 4L0 7.5Z"/></marker></defs>
${laid.boxes.map(({ what, area }) => drawBox(what, area))}
${laid.edges.map((edge) => drawEdge(edge, arrow))}
${drawNodes(laid, options)}
</svg>
`;
}

function drawNodes(laid: LaidGraph, { notes }: SvgOptions): readonly Markup[] {
  return laid.nodes.map(({ what, area }) => (what.kind === 'task' ? drawCard(what, area, notes?.get(what.id)) : drawHead(what, area)));
}

/** The title sits on the frame, as on a form: inside it would run into the cards. */
function drawBox(box: DrawnBox, { x, y, width, height }: Rectangle): Markup {
  return html`<g class="box ${box.kind}"><rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" rx="10"/><text x="${at(x + 12)}" y="${at(y + 4)}">${shorten(box.title, Math.max(6, Math.floor((width - 20) / 6.2)))}<title>${box.title}</title></text></g>
`;
}

function drawEdge({ what, points, label }: LaidEdge, arrow: string): Markup {
  const tooltip = `${what.from} → ${what.to}${what.label === '' ? '' : `: ${what.label}`}`;
  return html`<g class="edge ${what.kind}"><title>${tooltip}</title><path d="${curve(points)}" marker-end="url(#${arrow})"/>${
    label === undefined ? null : drawLabel(label.text, label.x, label.y)
  }</g>
`;
}

function drawLabel(text: string, x: number, y: number): Markup {
  const width = textWidth(text, 10.5) + 6;
  return html`<rect x="${at(x - width / 2)}" y="${at(y - 7)}" width="${at(width)}" height="14" rx="3"/><text x="${at(x)}" y="${at(y + 3.5)}">${text}</text>`;
}

/** A smooth line through dagre's points: quadratic curves whose ends are the middles between them. */
function curve(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const last = rest.pop();
  const middles = rest.map((point, index) => {
    const next = rest[index + 1] ?? last!;
    const isLast = index === rest.length - 1;
    return `Q${at(point.x)} ${at(point.y)} ${at(isLast ? next.x : (point.x + next.x) / 2)} ${at(isLast ? next.y : (point.y + next.y) / 2)}`;
  });
  const end = rest.length === 0 && last !== undefined ? `L${at(last.x)} ${at(last.y)}` : '';
  return `M${at(first.x)} ${at(first.y)}${middles.join('')}${end}`;
}

function drawHead(node: DrawnNode, { x, y, width, height }: Rectangle): Markup {
  return html`<g class="head ${node.kind}"><title>${node.title}</title><rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" rx="${node.kind === 'loop' ? 15 : 4}"/><text x="${at(x + width / 2)}" y="${at(y + height / 2 + 4)}">${shorten(node.title, HEAD_LENGTH)}</text></g>
`;
}

function drawCard(node: DrawnNode, { x, y, width, height }: Rectangle, note: CardNote | undefined): Markup {
  const second = note === undefined ? node.subtitle : note.text;
  const textX = at(x + (note === undefined ? 14 : 38));
  const card = html`<g class="card${note === undefined ? null : ` ${note.standing.toLowerCase()}`}"><title>${note?.tooltip ?? node.title}</title><rect class="face" x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" rx="8"/>${
    note === undefined ? null : html`<g transform="translate(${at(x + 20)} ${at(y + height / 2)})">${drawGlyph(note.standing)}</g>`
  }<text class="title" x="${textX}" y="${at(y + (second === undefined ? height / 2 + 5 : height / 2 - 3))}">${shorten(node.title, TITLE_LENGTH)}</text>${
    second === undefined ? null : html`<text class="second" x="${textX}" y="${at(y + height / 2 + 14)}">${shorten(second, 30)}</text>`
  }</g>`;
  return note?.link === undefined
    ? html`${card}
`
    : html`<a href="${note.link}" aria-label="${`${node.title}: ${describeStanding(note.standing)}`}">${card}</a>
`;
}

/** Drawn, not written: a font may lack the character. Centred on 0,0, about 16 wide. */
export function drawGlyph(standing: Standing): Markup {
  return html`<g class="glyph ${standing.toLowerCase()}"><circle r="9"/>${raw(MARKS[standing])}</g>`;
}

const MARKS: Readonly<Record<Standing, string>> = {
  Succeeded: '<path d="M-4 0.5L-1.2 3.4L4.2 -3"/>',
  Failed: '<path d="M-3.2 -3.2L3.2 3.2M3.2 -3.2L-3.2 3.2"/>',
  Error: '<path d="M0 -4.6V1M0 4V4.2"/>',
  Skipped: '<path d="M-4 0H4"/>',
  Omitted: '<path d="M-3.4 3.4L3.4 -3.4"/>',
  Cancelled: '<path d="M-2.6 -2.6H2.6V2.6H-2.6Z"/>',
  Running: '<path d="M-2 -3.6L4 0L-2 3.6Z"/>',
  Waiting: '<path d="M-4 0H-3.9M0 0H0.1M4 0H4.1"/>',
  Interrupted: '<path d="M-2.6 -2.2Q-2 -4.4 0.2 -4.2Q3 -3.6 2 -1.4Q0 0 0 1.4M0 4.2V4.4"/>',
};

function at(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
