import { printYaml } from '../../dsl/argo/yaml.ts';
import { applyRules, inferRules, textsOf } from '../../model/quality/index.ts';
import { refuseRangeErrors } from '../../steps/runtime/refuse.ts';
import { nearbyPath } from '../errors.ts';
import type { InferSchemaOptions } from '../infer-schema.ts';
import { writeOut } from '../start/write-out.ts';
import { counted } from '../words/numbers.ts';
import { readData } from './read-data.ts';

/** The verb `infer-schema`. */
export async function inferSchema(wanted: string, { symbol, tail, margin, out, ...places }: InferSchemaOptions): Promise<void> {
  const { name, table } = await readData(wanted, symbol, places);
  const rules = await refuseRangeErrors('PW502', 'Give daily bars: a date, open, high, low, close and volume in every row.', () => inferRules(table, { tail, margin }));
  const days = textsOf(table, 'date')!;
  const { quarantined, outcomes, stops } = applyRules(table, rules);
  const broken = outcomes.filter(({ findings }) => findings.length > 0).map(({ rule }) => rule.id);
  const head = [
    ` A draft: drawn from ${name}, ${counted(table.rows, 'row')} from ${days[0]!} to ${days.at(-1)!}.`,
    ` Held against that data it sets ${counted(quarantined.length, 'row')} aside${stops.length > 0 ? ', and stops' : ''}${broken.length === 0 ? '' : `; broken: ${broken.join(', ')}`}.`,
    ' Read it, narrow it, put it into Git. docs/guides/validation.md lists the checks and their settings.',
    ` pipewright run pipeline/pipeline.ts --param rules=@${out === undefined ? 'rules.yaml' : nearbyPath(out)}`,
  ];
  const text = `${head.map((line) => `#${line}\n`).join('')}${printYaml(rules)}`;
  if (out === undefined) process.stdout.write(text);
  else await writeOut(out, text);
}
