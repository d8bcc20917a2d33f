import { createBundler } from '../../dsl/local/index.ts';
import type { StepContract } from '../../dsl/contract/index.ts';
import { imageName } from '../../cli/start/image-name.ts';

/** The image of the model server as `npm run images` names it; a variable of this name wins. */
export async function servingImage(): Promise<string> {
  const given = process.env['PIPEWRIGHT_SERVING_IMAGE'];
  if (given !== undefined) return given;
  const serving = { name: 'serving', image: 'pipewright/serving', program: { kind: 'module', entry: new URL('../../serving/main.ts', import.meta.url).href } } as const;
  const { digest } = await createBundler({ folder: '.pipewright' }).bundle(serving as unknown as StepContract);
  return imageName(serving.image, { digest });
}
