import { isCalendarDay } from '../bars.ts';
import { checkLabels } from '../metrics/check.ts';
import { FIRST_MODEL_POLICIES, type GateEvidence, type GateSettings, type Trials } from './evidence.ts';

/** Throws RangeError for evidence that does not fit together. A broken candidate is no error: the gate judges it. */
export function checkEvidence(evidence: GateEvidence, settings: GateSettings): void {
  const { dates, labels, horizonDays, candidate, champion, baselines } = evidence;
  checkLabels(labels);
  const columns = [
    { what: 'dates', length: dates.length },
    { what: "candidate's probabilities", length: candidate.probabilities.length },
    ...(champion ? [{ what: "champion's probabilities", length: champion.probabilities.length }] : []),
    { what: "majority forecast's classes", length: baselines.majority.length },
    { what: 'base rates', length: baselines.baseRate.length },
    ...(evidence.slices ?? []).map(({ name, includes }) => ({ what: `entries of the slice "${name}"`, length: includes.length })),
    ...(evidence.trials?.dailyProfits ? [{ what: 'daily profits', length: evidence.trials.dailyProfits.length }] : []),
  ];
  for (const { what, length } of columns) {
    if (length === labels.length) continue;
    throw new RangeError(`The gate needs one entry per judged day: ${labels.length} labels, but ${length} ${what}.`);
  }
  for (const [day, date] of dates.entries()) {
    if (!isCalendarDay(date)) {
      throw new RangeError(`The judged day ${day} is ${JSON.stringify(date)}, which is not a day written as YYYY-MM-DD.`);
    }
    if (day > 0 && date <= dates[day - 1]!) throw new RangeError(`Judged days must rise: ${date} comes after ${dates[day - 1]}.`);
  }
  for (const forecasts of champion ? [candidate, champion] : [candidate]) {
    if (!isCalendarDay(forecasts.trainedUntil)) {
      const given = JSON.stringify(forecasts.trainedUntil);
      throw new RangeError(`A model's last seen day is ${given}, which is not a day written as YYYY-MM-DD.`);
    }
  }
  const broken = champion ? Array.from(champion.probabilities).findIndex((output) => !(output >= 0 && output <= 1)) : -1;
  if (broken >= 0) {
    throw new RangeError(`The model in production gives ${champion!.probabilities[broken]} for ${dates[broken]}, which is no probability.`);
  }
  checkLabels(baselines.majority);
  const odd = Array.from(baselines.baseRate).findIndex((rate) => !(rate >= 0 && rate <= 1));
  if (odd >= 0) throw new RangeError(`The base rate is ${baselines.baseRate[odd]} on ${dates[odd]}; it must lie between 0 and 1.`);
  if (!Number.isSafeInteger(horizonDays) || horizonDays < 1) {
    throw new RangeError(`The label horizon is ${horizonDays} days; it must be a whole number of 1 or more.`);
  }
  if (evidence.trials) checkTrials(evidence.trials);
  checkSettings(settings);
}

function checkTrials({ triedModels, earlierJudgements }: Trials): void {
  const counts = [{ what: 'tried models', count: triedModels, least: 1 }, { what: 'earlier judgements', count: earlierJudgements, least: 0 }];
  for (const { what, count, least } of counts) {
    if (Number.isSafeInteger(count) && count >= least) continue;
    throw new RangeError(`The number of ${what} is ${count}; it must be a whole number of ${least} or more.`);
  }
}

function checkSettings(settings: GateSettings): void {
  const inOrder: Record<keyof GateSettings, boolean> = {
    firstModel: FIRST_MODEL_POLICIES.includes(settings.firstModel),
    level: settings.level > 0 && settings.level < 0.5,
    power: settings.power > 0 && settings.power < 1,
    baselineMargin: settings.baselineMargin >= 0,
    championMargin: settings.championMargin >= 0,
    minimumDays: Number.isSafeInteger(settings.minimumDays) && settings.minimumDays >= 2,
    minimumHorizons: Number.isSafeInteger(settings.minimumHorizons) && settings.minimumHorizons >= 1,
    minimumClassShare: settings.minimumClassShare >= 0 && settings.minimumClassShare <= 0.5,
    sliceMargin: settings.sliceMargin >= 0,
    minimumSliceDays: Number.isSafeInteger(settings.minimumSliceDays) && settings.minimumSliceDays >= 2,
    demandEveryAnswer: typeof settings.demandEveryAnswer === 'boolean',
    resamples: Number.isSafeInteger(settings.resamples) && settings.resamples >= 100,
    seed: Number.isSafeInteger(settings.seed),
  };
  for (const [name, good] of Object.entries(inOrder)) {
    if (!good) throw new RangeError(`The gate's setting ${name} is ${settings[name as keyof GateSettings]}, which is out of range.`);
  }
}
