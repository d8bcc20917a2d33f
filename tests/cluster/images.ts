import { imageName } from '../../cli/start/image-name.ts';
import type { StepContract } from '../../dsl/contract/index.ts';
import { createBundler } from '../../dsl/local/index.ts';

/** The image of a program as `npm run images` names it. `PIPEWRIGHT_<NAME>_IMAGE` names another one. */
export async function imageOf(contract: Pick<StepContract, 'name' | 'image' | 'program'>): Promise<string> {
  const given = process.env[`PIPEWRIGHT_${contract.name.toUpperCase()}_IMAGE`];
  if (given !== undefined) return given;
  const { digest } = await createBundler({ folder: '.pipewright' }).bundle(contract as StepContract);
  return imageName(contract.image, { digest });
}

export const servingImage = (): Promise<string> =>
  imageOf({ name: 'serving', image: 'pipewright/serving', program: { kind: 'module', entry: new URL('../../serving/main.ts', import.meta.url).href } });
