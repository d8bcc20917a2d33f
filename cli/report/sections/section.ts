import { html, type Insert, type Markup } from '../../../dsl/util/markup.ts';
import { drawGlyph } from '../../graph/svg.ts';
import { describeStanding, type Standing } from '../../words/status.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

/** `undefined` where there is nothing to show: a page has no empty sections. */
export type MaybeSection = Section | undefined;

/** A glyph and a word in the colour of the standing. */
export function drawBadge(standing: Standing, cached = false): Markup {
  return html`<span class="badge ${standing.toLowerCase()}"><svg viewBox="-10 -10 20 20" aria-hidden="true">${drawGlyph(standing)}</svg>${describeStanding(standing, cached)}</span>`;
}

export function drawDefinitions(pairs: readonly (readonly [string, Insert])[]): Markup {
  return html`<dl>${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Where the details of a task are on the page. */
export function anchorOf(index: number): string {
  return `step-${index + 1}`;
}
