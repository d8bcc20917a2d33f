import { resolve } from 'node:path';
import type { ArtifactType, ColumnType } from '../../dsl/contract/index.ts';
import type { TaskRecord } from '../../dsl/local/index.ts';
import { objectKey, type ArtifactReference, type Store } from '../../store/index.ts';
import type { DatasetInput } from './client.ts';
import { LIMITS, shorten } from './limits.ts';

/** MLflow's names of the types of columns (mlflow.types.DataType). */
const TYPES: Readonly<Record<ColumnType, string>> = { date: 'string', string: 'string', float64: 'double', int32: 'integer', boolean: 'boolean' };

/**
 * What identifies a dataset, and where its bytes are: `mlflow.data.get_source(…).load()` brings them. MLflow has room for
 * the first half of the digest only; the whole is beside it as a tag. None for what is no dataset.
 */
export function datasetInput(store: Store, name: string, type: ArtifactType | undefined, { digest, size }: ArtifactReference, maker: TaskRecord | undefined, context: string): readonly DatasetInput[] {
  if (type?.kind !== 'dataset') return [];
  const isS3 = store.description.startsWith('s3://');
  const uri = isS3 ? `${store.description.replace(/\/$/, '')}/${objectKey(digest)}` : resolve(store.description, objectKey(digest));
  const rows = maker?.results['rows'];
  return [{
    dataset: {
      name: shorten(name, LIMITS.datasetName),
      digest: digest.slice('sha256:'.length, 'sha256:'.length + 32),
      source_type: isS3 ? 's3' : 'local',
      source: JSON.stringify({ uri }),
      schema: JSON.stringify({ mlflow_colspec: Object.entries(type.columns).map(([column, kind]) => ({ name: column, type: TYPES[kind], required: true })) }),
      profile: JSON.stringify({ ...(typeof rows === 'number' ? { num_rows: rows } : {}), bytes: size }),
    },
    tags: [{ key: 'mlflow.data.context', value: context }, { key: 'pipewright.digest', value: digest }],
  }];
}
