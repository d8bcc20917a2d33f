import { writeFile } from 'node:fs/promises';
import { canonicalJson } from '../../dsl/util/index.ts';
import { writeDataset } from '../runtime/dataset.ts';
import { implementStep } from '../runtime/index.ts';
import { ingest } from './contract.ts';
import { readSource } from './read-source.ts';
import { openSource } from './source.ts';

export default implementStep(ingest, async ({ parameters, outputs, log, signal }) => {
  const { source, digest, patienceSeconds } = parameters;
  const { bars, manifest } = await readSource(await openSource(source, { patienceSeconds, signal }), digest);
  await writeDataset(outputs.prices, { ...bars });
  await writeFile(outputs.manifest, `${canonicalJson(manifest)}\n`);
  const { rows, firstDay, lastDay } = manifest;
  log(`Read ${rows} bars from ${firstDay} to ${lastDay} from ${manifest.source}.`);
  return { rows, firstDay, lastDay };
});
