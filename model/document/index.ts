/** A model as it is stored: three files, written and read by pure functions, made ready to answer, and the golden predictions that prove it. */
export { compileModel } from './compile-model.ts';
export { decodeModel, encodeModel, MODEL_FILES, type Model, type ModelFile } from './codec.ts';
export { createGolden, GOLDEN_TOLERANCE, verifyGolden, type GoldenReport } from './golden.ts';
export {
  MODEL_FORMAT_VERSION,
  type GoldenPrediction,
  type MemberTraining,
  type ModelDocument,
  type SplitRecord,
  type TrainingRecord,
} from './model-document.ts';
