/** Model cards: what somebody must know before they use a model, as JSON and as Markdown. Pure. */
export { buildCard, type CardInputs, type ModelCard } from './card.ts';
export type { CardFigures, CardJudgement } from './judgement.ts';
export { cardMarkdown } from './markdown.ts';
