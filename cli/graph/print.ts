import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Pipeline } from '../../dsl/ir/index.ts';
import { html, raw } from '../../dsl/util/markup.ts';
import { GRAPH_STYLE, THEME } from '../report/style.ts';
import { printDot } from './dot.ts';
import { LARGEST_DRAWING, type Direction } from './layout.ts';
import { printMermaid } from './mermaid.ts';
import { drawGraph } from './model.ts';
import { drawSvg } from './svg.ts';

export function printGraph(pipeline: Pipeline, format: 'mermaid' | 'dot' | 'svg', direction: Direction): string {
  const graph = drawGraph(pipeline);
  if (format === 'mermaid') return printMermaid(graph);
  if (format === 'dot') return printDot(graph);
  if (graph.nodes.length > LARGEST_DRAWING) {
    throw new PipewrightError({ code: 'PW901', message: `The pipeline has ${graph.nodes.length} nodes; an SVG is drawn of at most ${LARGEST_DRAWING}.`, fix: 'Use --format dot and lay it out with Graphviz.' });
  }
  const styles = html`<style>${raw(`${THEME.replaceAll(':root', 'svg')}svg{background:var(--paper)}${GRAPH_STYLE}`)}</style>`;
  return drawSvg(graph, { direction, description: `The pipeline ${pipeline.name}`, prefix: 'graph', styles }).text;
}
