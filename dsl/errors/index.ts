export { captureLocation } from './capture.ts';
export { ERROR_CODES, type ErrorCode } from './codes.ts';
export { formatIssue, formatIssues } from './format.ts';
export { formatLocation, type SourceLocation } from './location.ts';
export { PipewrightError, type Issue } from './pipewright-error.ts';
