import { counted, formatSeconds } from '../words/numbers.ts';
import { describeStanding, GLYPHS, summariseStandings, type Standing } from '../words/status.ts';
import { colourOf, type Paint } from './colour.ts';
import type { InstanceState, NodeState, RunState } from './run-state.ts';
import { columnsOf, fit } from './text.ts';

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const BAR = 12;
/** Of a loop with more items at work than this, the rest is only counted. */
const SHOWN_ITEMS = 4;

export interface ViewOptions {
  readonly columns: number;
  /** As many lines as this; `Infinity` for the last picture, which may scroll. */
  readonly rows: number;
  readonly now: number;
  /** Turns the spinner. */
  readonly frame: number;
  readonly paint: Paint;
  readonly remark: string;
}

interface Line {
  readonly text: string;
  /** What is left out first where there is no room: 0 never, 1 if need be, 2 before that. */
  readonly ease: 0 | 1 | 2;
}

/** The picture of a run as lines, none wider than the terminal. Pure: the same state and options give the same lines. */
export function drawView(state: RunState, options: ViewOptions): readonly string[] {
  const nameWidth = Math.max(8, Math.min(Math.floor(options.columns * 0.45), state.nodes.reduce((widest, node) => Math.max(widest, widthOfName(node)), 0)));
  const lines = state.nodes.flatMap((node) => drawNode(node, nameWidth, options));
  const foot = drawFoot(state, options);
  const head = fit(`${state.pipeline}  run ${state.run}`, options.columns - 1).trimEnd();
  return [options.paint('bold', head), ...leaveOut(lines, Math.max(3, options.rows - foot.length - 2), options), ...foot];
}

/** With its indentation; an item of a loop stands one deeper and has a number. */
function widthOfName(node: NodeState): number {
  if (node.kind !== 'Task') return 0;
  return node.depth * 2 + columnsOf(node.id) + (node.isInLoop ? 2 + '(99)'.length : 0);
}

function drawNode(node: NodeState, nameWidth: number, options: ViewOptions): readonly Line[] {
  if (node.kind !== 'Task') return [drawGroup(node, options)];
  const instances = [...node.instances.values()];
  if (!node.isInLoop) {
    const [instance] = instances;
    if (instance === undefined) return [{ text: drawRow(node.depth, 'Waiting', node.id, '', '', nameWidth, options), ease: 2 }];
    return [{ text: drawInstance(node.depth, node.id, instance, nameWidth, options), ease: easeOf(instance.standing) }];
  }
  const working = instances.filter((instance) => instance.standing === 'Running');
  const standing = instances.length === 0 ? 'Waiting' : summariseStandings(instances.map((instance) => instance.standing));
  const done = instances.length - working.length;
  const text = instances.length === 0 ? '' : `${done}/${Math.max(node.loop?.items ?? 0, instances.length)} done${cachedNote(instances)}`;
  const own: Line = { text: drawRow(node.depth, standing, node.id, text, '', nameWidth, options), ease: easeOf(standing) };
  const rows = working.slice(0, SHOWN_ITEMS).map((instance): Line => ({ text: drawInstance(node.depth + 1, instance.task, instance, nameWidth, options), ease: 1 }));
  const more = working.length - rows.length;
  return [own, ...rows, ...(more > 0 ? [{ text: options.paint('dim', fit(`${'  '.repeat(node.depth + 2)}… and ${more} more at work`, options.columns).trimEnd()), ease: 1 as const }] : [])];
}

function drawGroup(node: NodeState, { columns, paint }: ViewOptions): Line {
  const what = node.kind === 'ForEach'
    ? `for each ${node.id}${node.items === undefined ? '' : `: ${counted(node.items, 'item')}`}`
    : `when ${node.id}${node.branch === undefined ? '' : node.branch === 'then' ? ': yes' : ': no'}`;
  const skipped = node.standing === 'Skipped' && node.items === undefined && node.branch === undefined ? ': skipped' : '';
  return { text: paint('dim', fit(`${'  '.repeat(node.depth)}▾ ${what}${skipped}`, columns).trimEnd()), ease: 2 };
}

function drawInstance(depth: number, name: string, instance: InstanceState, nameWidth: number, options: ViewOptions): string {
  const { standing, progress, seconds, cached } = instance;
  if (standing === 'Running') {
    const bar = progress === undefined || progress.total <= 0 ? '' : `${drawBar(progress.done / progress.total)} ${progress.done}/${progress.total} `;
    return drawRow(depth, standing, name, `${bar}${instance.note}`, formatSeconds(Math.max(0, (options.now - instance.startedAt) / 1000)), nameWidth, options);
  }
  const time = standing === 'Succeeded' && cached ? 'cached' : seconds > 0 ? formatSeconds(seconds) : '';
  return drawRow(depth, standing, name, standing === 'Succeeded' ? '' : describeStanding(standing), time, nameWidth, options);
}

/** `⠹ name        the middle, as wide as there is room        4.2 s` */
function drawRow(depth: number, standing: Standing, name: string, middle: string, end: string, nameWidth: number, { columns, frame, paint }: ViewOptions): string {
  const glyph = paint(colourOf(standing), standing === 'Running' ? SPINNER[frame % SPINNER.length]! : GLYPHS[standing]);
  const indent = '  '.repeat(depth);
  const isQuiet = standing === 'Waiting' || standing === 'Skipped' || standing === 'Omitted';
  const title = fit(name, Math.max(4, nameWidth - indent.length));
  const tail = end === '' ? '' : `  ${end}`;
  const room = columns - indent.length - 2 - columnsOf(title) - 2 - columnsOf(tail) - 1;
  const text = room > 3 ? fit(middle, room) : '';
  // A bar has colours of its own, which `fit` takes out: they are put in again afterwards.
  const painted = text.replace(/^█+/, (full) => paint('blue', full)).replace(/░+/, (rest) => paint('dim', rest));
  return `${indent}${glyph} ${isQuiet ? paint('dim', title) : title}  ${painted}${paint('dim', room > 3 ? tail : '')}`.trimEnd();
}

function drawBar(part: number): string {
  const full = Math.round(Math.max(0, Math.min(1, part)) * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
}

function drawFoot(state: RunState, { columns, now, paint, remark }: ViewOptions): readonly string[] {
  if (state.ended !== undefined) return [];
  const instances = state.nodes.flatMap((node) => [...node.instances.values()]);
  const done = instances.filter((instance) => instance.standing !== 'Running').length;
  const failed = instances.filter((instance) => instance.standing === 'Failed' || instance.standing === 'Error').length;
  const parts = [formatSeconds((now - state.startedAt) / 1000), `${counted(done, 'task')} done${cachedNote(instances)}`, ...(failed > 0 ? [paint('red', `${failed} failed`)] : []), state.stopping ? 'stopping' : 'Ctrl-C stops'];
  return ['', ...(remark === '' ? [] : [paint('yellow', fit(remark, columns - 1).trimEnd())]), parts.map((part) => paint('dim', part)).join(paint('dim', ' · '))];
}

function cachedNote(instances: readonly InstanceState[]): string {
  const cached = instances.filter((instance) => instance.cached).length;
  return cached === 0 ? '' : ` (${cached} cached)`;
}

function easeOf(standing: Standing): 0 | 1 | 2 {
  if (standing === 'Running' || standing === 'Failed' || standing === 'Error') return 0;
  return standing === 'Waiting' || standing === 'Skipped' || standing === 'Omitted' ? 2 : 1;
}

/** Where there are more lines than room, what waits or is skipped goes first, then what is done, and a line counts them. */
function leaveOut(lines: readonly Line[], room: number, { paint }: ViewOptions): readonly string[] {
  if (lines.length <= room) return lines.map((line) => line.text);
  const kept = new Set(lines.keys());
  for (const ease of [2, 1, 0] as const) {
    for (let index = lines.length - 1; index >= 0 && kept.size > room - 1; index--) if (lines[index]!.ease === ease) kept.delete(index);
  }
  return [...[...kept].sort((a, b) => a - b).map((index) => lines[index]!.text), paint('dim', `… and ${lines.length - kept.size} more`)];
}
