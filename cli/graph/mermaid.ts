import type { DrawnGraph, DrawnNode } from './model.ts';

/** A Mermaid flowchart, as GitHub and GitLab draw it in Markdown. Identifiers are numbered: a name of ours may be a word of Mermaid's (`end`). */
export function printMermaid(graph: DrawnGraph): string {
  const ids = new Map([...graph.nodes.map((node, index) => [node.id, `n${index}`] as const)]);
  const lines = ['flowchart TD'];
  const indent = (depth: number): string => '  '.repeat(depth);
  const printInside = (box: string | undefined, depth: number): void => {
    for (const node of graph.nodes) if (node.box === box) lines.push(`${indent(depth)}${ids.get(node.id)!}${shape(node)}`);
    for (const [index, inner] of graph.boxes.entries()) {
      if (inner.box !== box) continue;
      lines.push(`${indent(depth)}subgraph b${index} [${quote(inner.title)}]`);
      printInside(inner.id, depth + 1);
      lines.push(`${indent(depth)}end`);
    }
  };
  printInside(undefined, 1);
  for (const edge of graph.edges) {
    const arrow = edge.kind === 'artifact' ? '==>' : edge.kind === 'value' ? '-->' : '-.->';
    lines.push(`  ${ids.get(edge.from)!} ${arrow}${edge.label === '' ? '' : `|${quote(edge.label)}|`} ${ids.get(edge.to)!}`);
  }
  return `${lines.join('\n')}\n`;
}

function shape(node: DrawnNode): string {
  const text = quote(node.subtitle === undefined ? node.title : `${node.title}<br/><small>${node.subtitle}</small>`, true);
  if (node.kind === 'condition') return `{{${text}}}`;
  if (node.kind === 'loop') return `([${text}])`;
  return `[${text}]`;
}

/** Mermaid reads `#name;` as a character; its own tags stay. */
function quote(text: string, hasTags = false): string {
  const escaped = text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('|', '#124;');
  return `"${hasTags ? escaped : escaped.replaceAll('<', '#lt;').replaceAll('>', '#gt;')}"`;
}
