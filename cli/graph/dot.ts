import type { DrawnGraph, DrawnNode } from './model.ts';

/** The graph in Graphviz' language: `pipewright graph … --format dot | dot -Tpng`. */
export function printDot(graph: DrawnGraph): string {
  const lines = [
    `digraph ${quote(graph.title)} {`,
    '  rankdir=LR; fontname="Helvetica"; node [shape=box, style="rounded,filled", fillcolor="#f4f6f8", fontname="Helvetica"]; edge [fontname="Helvetica", fontsize=10];',
  ];
  const printInside = (box: string | undefined, depth: number): void => {
    const indent = '  '.repeat(depth);
    for (const node of graph.nodes) if (node.box === box) lines.push(`${indent}${quote(node.id)} [label=${quote(label(node))}${shape(node)}];`);
    for (const [index, inner] of graph.boxes.entries()) {
      if (inner.box !== box) continue;
      lines.push(`${indent}subgraph cluster_${index} {`, `${indent}  label=${quote(inner.title)}; style="rounded${inner.kind === 'branch' ? ',dashed' : ''}"; color="#8899aa";`);
      printInside(inner.id, depth + 1);
      lines.push(`${indent}}`);
    }
  };
  printInside(undefined, 1);
  for (const edge of graph.edges) {
    const style = edge.kind === 'artifact' ? 'style=bold' : edge.kind === 'value' ? 'style=solid' : 'style=dashed';
    lines.push(`  ${quote(edge.from)} -> ${quote(edge.to)} [${edge.label === '' ? '' : `label=${quote(edge.label)}, `}${style}];`);
  }
  lines.push('}');
  return `${lines.join('\n')}\n`;
}

function label(node: DrawnNode): string {
  return node.subtitle === undefined ? node.title : `${node.title}\n${node.subtitle}`;
}

function shape(node: DrawnNode): string {
  if (node.kind === 'condition') return ', shape=hexagon, style=filled, fillcolor="#fff4d6"';
  return node.kind === 'loop' ? ', shape=cds, style=filled, fillcolor="#e3effb"' : '';
}

/** Inside quotes DOT knows one escape of its own, `\n`, and takes `\"`. */
function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
