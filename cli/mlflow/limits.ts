import { digestOf } from '../../dsl/util/index.ts';

/*
 * What an MLflow server takes, as of 3.17 (mlflow/utils/validation.py) and, where the REST documentation promises less,
 * as it promises: values of parameters and tags 5,000 characters.
 */
export const LIMITS = {
  key: 250,
  paramValue: 5000,
  tagValue: 5000,
  datasetName: 500,
  datasetDigest: 36,
  inputTagValue: 500,
  batchBytes: 950_000,
  batchMetrics: 1000,
  batchParams: 100,
  batchTags: 100,
  batchEntities: 1000,
} as const;

/**
 * A name of a metric, parameter or tag. MLflow takes letters, digits, `_ - . / : space`, and no path that is not plain.
 * The task `train(0)` is `train-0`. Long names keep their beginning and get a digest, so that two never become one.
 */
export function keyOf(name: string): string {
  const plain = name.replaceAll(/\((\d+(?:,\d+)*)\)/g, (_, items: string) => `-${items.replaceAll(',', '-')}`)
    .replaceAll(/[^\p{L}\p{N}_\-. :]/gu, '_').replaceAll(/^[. ]+|[. ]+$/g, '_').replaceAll(/\.{2,}/g, '.');
  const key = plain === '' ? '_' : plain;
  return key.length <= LIMITS.key ? key : `${key.slice(0, LIMITS.key - 9)}-${digestOf(name).slice(-8)}`;
}

/** The beginning of a text, at most so many characters, with a mark that something is missing. Whole characters only. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
