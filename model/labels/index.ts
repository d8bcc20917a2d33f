/** Labels: what the close does after the row, for training and for scoring. */
export { direction } from './direction.ts';
export { forwardReturn } from './forward-return.ts';
