import { html, place, type Markup } from '../../../dsl/util/markup.ts';

export type Scale = (value: number) => number;

/** Where the drawing is on its paper, in units of the viewBox. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const width = domain[1] - domain[0] || 1;
  return (value) => range[0] + ((value - domain[0]) / width) * (range[1] - range[0]);
}

/** Round numbers within a range, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(low: number, high: number, count: number): readonly number[] {
  const rough = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.max(0, Math.floor(high / step + 1e-9) - first + 1) }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** First days of years between two days, about `count`; the first days of months when there are few years. */
export function dayTicks(from: string, to: string, count: number): readonly { readonly at: number; readonly label: string }[] {
  const [low, high] = [Date.parse(from), Date.parse(to)];
  const months = Math.max(1, Math.round((high - low) / (30.4 * 86_400_000)));
  const every = [1, 2, 3, 6, 12, 24, 60, 120, 240].find((one) => months / one <= count) ?? 600;
  const ticks: { at: number; label: string }[] = [];
  for (let index = Math.floor((Number(from.slice(0, 4)) * 12) / every) * every; ; index += every) {
    const at = Date.UTC(Math.floor(index / 12), index % 12, 1);
    if (at > high) return ticks;
    if (at >= low) ticks.push({ at, label: every >= 12 ? String(Math.floor(index / 12)) : new Date(at).toISOString().slice(0, 7) });
  }
}

/** Lines across with their values on the left. */
export function drawValues(ticks: readonly number[], y: Scale, { left, right }: Frame): Markup {
  return html`<g class="rule">${ticks.map((at) => html`<path d="M${left} ${place(y(at))}H${right}"/>`)}</g><g class="end">${ticks.map((at) => html`<text x="${left - 8}" y="${place(y(at) + 4)}">${shortNumber(at)}</text>`)}</g>`;
}

/** With commas between thousands and at most four digits after the point, on every machine the same. */
export function shortNumber(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e9)) return Number(value.toPrecision(3)).toExponential().replace('e+', 'e');
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 4 : 2 });
}
