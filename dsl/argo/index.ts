export { compileToArgo, type ArgoDocuments, type CompileOptions } from './compile.ts';
export { LIMITS, type Limits } from './limits.ts';
export { findBrokenReferences } from './self-check.ts';
export { isDag } from './types.ts';
export type * from './types.ts';
export { emit, emitSchedule, printYaml } from './yaml.ts';
