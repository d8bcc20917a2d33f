import { checkWhole } from './check.ts';
import { foldAround, type Fold } from './fold.ts';
import { readFoldOptions, type FoldOptions } from './guards.ts';
import { cutRange } from './ranges.ts';

/**
 * Purged k-fold cross-validation with embargo (López de Prado, 2018, §7.4): every usable row is judged once, each of
 * `folds` blocks by a model of the rows before and after it, less purge and embargo. It uses more data than a walk
 * forward, and knows the future of the market's habits: for choosing settings, not for claiming a performance.
 *
 * Throws RangeError for options that make no sense, fewer than 2 folds, fewer rows than folds, and a fold without
 * training rows.
 */
export function purgedKFold(options: FoldOptions & { readonly folds: number }): readonly Fold[] {
  const { usable, ...guards } = readFoldOptions(options);
  checkWhole('number of folds', options.folds, 2);
  if (usable.to - usable.from < options.folds) {
    throw new RangeError(`${usable.to - usable.from} usable rows are too few for ${options.folds} folds.`);
  }
  return cutRange(usable, options.folds).map((block) => foldAround([block], usable, guards));
}
