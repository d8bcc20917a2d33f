import { pipeline, t } from '../../../dsl/index.ts';
import { craft } from './contract.ts';

/** For `pipewright images`, which builds what a pipeline's file needs. */
export default pipeline('parity-modules', { params: { text: t.string() } }, ({ params, task }) => {
  task(craft, { text: params.text });
});
