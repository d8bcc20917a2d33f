export { artifact, isDirectory, whyUnfit } from './artifact-type.ts';
export type {
  ArtifactPort, ArtifactType, CollectionInput, Columns, ColumnType, DatasetKind, DirectoryKind, FileKind, MetricsKind, ModelKind, OptionalInput, ReportKind,
} from './artifact-type.ts';
export { assetsNamedIn, bundleDigest, nameAssets } from './bundle-digest.ts';
export { CLUSTER_VARIABLES, STEP_RECORD, STORE_SECRETS, STORE_VARIABLES } from './cluster.ts';
export { checkValue, decodeValue, encodeValue, fitsType, type Decoded } from './codec.ts';
export { defineContainerStep, defineStep } from './define-step.ts';
export { demandParameters } from './demand-declaration.ts';
export type { CommandHoles, InputPorts, OutputPorts, ParameterPorts, ResultPorts, Step } from './define-step.ts';
export type { BarChart, Chart, Figures, FigureTable, IntervalChart, LineChart, MatrixChart, SegmentsChart } from './figures.ts';
export { commandDigest, fingerprintOf, fingerprintParts, type Circumstances, type Fingerprint, type FingerprintParts } from './fingerprint.ts';
export { commandLine, CONTAINER_ROOT, EXIT_CODES, indexText, MODULE_COMMAND, pathsBelow, type Fillings } from './invocation.ts';
export { checkAgainstSchema } from './json-schema.ts';
export { printMessage, PROTOCOL_VARIABLE, readMessage, type StepMessage } from './protocol.ts';
export type {
  CommandProgram, InputDeclaration, ModuleProgram, OutputDeclaration, ParameterDeclaration, Program, Resources, ResultDeclaration, StepContract, Word,
} from './step-contract.ts';
export { t, type Port, type PortWithDefault, type ValueOfPort } from './t.ts';
export { describeType, type JsonSchema, type ValueType } from './value-type.ts';
