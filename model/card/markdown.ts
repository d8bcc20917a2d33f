import { figureInWords, type ModelCard } from './card.ts';
import type { CardFigures } from './judgement.ts';

const FORECAST_FIGURES = { accuracy: 'accuracy', balancedAccuracy: 'balanced accuracy', matthewsCorrelation: 'MCC', areaUnderRoc: 'AUC-ROC', brierScore: 'Brier', logLoss: 'log-loss' };
const RETURN_FIGURES = { meanAbsoluteError: 'MAE', meanSquaredError: 'MSE', rootMeanSquaredError: 'RMSE', rSquared: 'R²' };
const TRADING_FIGURES = { totalReturn: 'profit', sharpeRatio: 'Sharpe ratio', maximumDrawdown: 'largest fall', dailyTurnover: 'daily turnover' };

/** The card for people. GitHub's Markdown. */
export function cardMarkdown(card: ModelCard): string {
  const { model, target, data, features, training, code, judgement } = card;
  return [
    `# Model card: ${model.name}${model.version === null ? '' : ` version ${model.version}`}`,
    model.summary,
    section('Intended use', card.intendedUse.map((sentence) => `- ${sentence}`)),
    section('What it answers', [`- Target: ${target.kind}, ${target.horizonDays} trading ${target.horizonDays === 1 ? 'day' : 'days'} ahead`, `- Answer: ${target.answer}`, `- "up" from probability ${target.decisionThreshold} on`]),
    section('Figures on unseen days', judgement === null ? ['None: it was not judged.'] : [
      `${judgement.reason}`,
      '',
      `${judgement.days.days} days from ${judgement.days.from} to ${judgement.days.to}, 95 % intervals in parentheses. Candidates tried: ${judgement.candidates}. Share of up days before them: ${judgement.baseRate.toFixed(4)}.`,
      '',
      ...figureTable('forecast', judgement.forecasts, FORECAST_FIGURES),
      '',
      `Invested when up is forecast, else in cash, after costs of ${judgement.costBasisPoints} basis points of what is traded:`,
      '',
      ...figureTable('strategy', judgement.strategies, TRADING_FIGURES),
      ...(judgement.returns.length === 0 ? [] : ['', 'The forecast return as a number; R² is against the mean of the training days:', '', ...figureTable('forecast', judgement.returns, RETURN_FIGURES)]),
    ]),
    section('Limits', card.limits.map((sentence) => `- ${sentence}`)),
    section('Data', [
      ...Object.entries(data.digests).map(([name, digest]) => `- ${name}: \`${digest}\``),
      ...Object.entries(data.splits).map(([name, { from, to, rows }]) => `- ${name}: ${rows} rows from ${from} to ${to}`),
    ]),
    section('Features', [`${features.names.length} features, hash \`${features.hash}\`: ${features.names.join(', ')}.`]),
    section('Training', [
      ...Object.entries(training.settings as object).map(([name, value]) => `- ${name}: ${Array.isArray(value) ? value.join('-') : String(value)}`),
      `- computed on: ${training.backend.name} ${training.backend.version}`,
      ...training.members.map(({ seed, bestEpoch, epochs }, at) => `- member ${at + 1}: seed ${seed}, kept ${bestEpoch} of ${epochs}`),
      `- figures on its own rows, which flatter: ${Object.entries((card.ownFigures ?? {}) as object).map(([name, value]) => `${name} ${typeof value === 'number' ? value.toFixed(4) : JSON.stringify(value)}`).join(', ') || 'none'}`,
    ]),
    section('Code', code === null ? ['The record of the run that made it names the code of each step by its digest.'] : Object.entries(code).map(([step, digest]) => `- ${step}: \`${digest}\``)),
    section('Identity', [`- digest of the model: \`${model.digest}\``, ...(judgement?.champion ? [`- compared with the model in production: \`${judgement.champion}\``] : [])]),
    '',
  ].join('\n\n');
}

function section(title: string, lines: readonly string[]): string {
  return `## ${title}\n\n${lines.join('\n')}`;
}

/** Only columns that somebody has. */
function figureTable(what: string, rows: readonly CardFigures[], columns: Readonly<Record<string, string>>): string[] {
  const used = Object.entries(columns).filter(([name]) => rows.some(({ figures }) => figures[name] !== undefined));
  return [
    `| ${[what, ...used.map(([, title]) => title)].join(' | ')} |`,
    `|${' --- |'.repeat(used.length + 1)}`,
    ...rows.map(({ name, figures }) => `| ${[name, ...used.map(([key]) => (figures[key] === undefined ? '' : figureInWords(figures[key])))].join(' | ')} |`),
  ];
}
