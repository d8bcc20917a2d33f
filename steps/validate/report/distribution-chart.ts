import { driftSamples, type Measure, type RuleOutcome, type Table } from '../../../model/quality/index.ts';
import { linear, roundTicks, shortNumber, type Frame } from './axis.ts';
import { html, place, type Markup } from '../../../dsl/util/markup.ts';

const [WIDTH, HEIGHT, BINS] = [520, 220, 40];
const FRAME: Frame = { left: 14, right: WIDTH - 14, top: 8, bottom: HEIGHT - 26 };

/** Each feature of the drift rules: the reference as an area, the current rows as a line, both as shares of their rows. */
export function drawDistributions(table: Table, reference: Table | undefined, outcomes: readonly RuleOutcome[]): readonly Markup[] {
  if (reference === undefined) return [];
  return outcomes.flatMap(({ rule, measures }) => (rule.check !== 'drift' ? [] : measures.map((measure) => drawOne(table, reference, measure, rule.window, Number(measure['alarms']) >= rule.persistence))));
}

function drawOne(table: Table, reference: Table, measure: Measure, window: number, isAlarm: boolean): Markup {
  const { before, now } = driftSamples(table, reference, String(measure['feature']), window);
  const pooled = Float64Array.from([...before, ...now]).sort();
  // The last half percent on both sides would squeeze the picture; it is counted in the outermost bins.
  const [low, high] = [pooled[Math.floor(0.005 * (pooled.length - 1))]!, pooled[Math.ceil(0.995 * (pooled.length - 1))]!];
  const shares = (values: Float64Array): number[] => {
    const counts = new Array<number>(BINS).fill(0);
    for (const value of values) counts[Math.min(BINS - 1, Math.max(0, Math.floor(((value - low) / (high - low || 1)) * BINS)))]! += 1 / values.length;
    return counts;
  };
  const [was, is] = [shares(before), shares(now)];
  const x = linear([0, BINS], [FRAME.left, FRAME.right]);
  const y = linear([0, Math.max(...was, ...is)], [FRAME.bottom, FRAME.top]);
  const steps = (counts: readonly number[]): string => counts.map((share, bin) => `L${place(x(bin))} ${place(y(share))}H${place(x(bin + 1))}`).join('');
  const value = linear([low, high], [FRAME.left, FRAME.right]);
  const round = (name: string): string => String(Number(Number(measure[name]).toPrecision(3)));
  const words = `stability index ${round('psi')} (usual ${round('usualPsi')}), K–S distance ${round('ks')}, corrected p = ${round('correctedProbability')}; ${measure['currentRows']} rows against ${measure['referenceRows']}${measure['windows'] === 1 ? '' : `; so in ${measure['alarms']} of ${measure['windows']} windows`}`;
  return html`<figure><figcaption><h3>${String(measure['feature'])} <span class="badge ${isAlarm ? 'warn' : 'passed'}">${isAlarm ? 'drifted' : 'no drift shown'}</span></h3></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${`${measure['feature']}: ${words}`}"><path class="was" d="M${FRAME.left} ${FRAME.bottom}${steps(was)}L${FRAME.right} ${FRAME.bottom}Z"/><path class="now" d="M${FRAME.left} ${FRAME.bottom}${steps(is)}L${FRAME.right} ${FRAME.bottom}"/>
<g class="axis"><path d="M${FRAME.left} ${FRAME.bottom}H${FRAME.right}"/></g><g class="middle">${roundTicks(low, high, 4).map((at) => html`<text x="${place(value(at))}" y="${FRAME.bottom + 18}">${shortNumber(at)}</text>`)}</g></svg>
<p class="note">Grey: reference. Orange line: current rows. ${words}.</p></figure>`;
}
