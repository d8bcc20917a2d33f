export { implementStep, type Implementation, type ImplementationOptions, type InputPaths, type OutputPaths, type ParameterValues, type ResultValues, type StepContext, type Work } from './implementation.ts';
export { main } from './main.ts';
export { runInline, type InlineOutcome, type InlineRun } from './run-inline.ts';
