import { PipewrightError } from '../../dsl/errors/index.ts';
import { openStore, type Store } from '../../store/index.ts';

/** The store of the run, for a step that declares STORE_VARIABLES. PW501 when it is not said where it is; else as `openStore`. */
export async function openStepStore(environment: Readonly<Record<string, string | undefined>>): Promise<Store> {
  const location = environment['PIPEWRIGHT_STORE'];
  if (location !== undefined && location !== '') return openStore(location, environment);
  throw new PipewrightError({
    code: 'PW501',
    message: 'The store cannot be reached: the variable PIPEWRIGHT_STORE, which says where it is, is not set.',
    fix: 'Set it to the absolute path of a folder, or to s3://bucket/prefix.',
  });
}
