export { bindParameters } from './bind-parameters.ts';
export { createBundler, type Bundle, type Bundler } from './bundle.ts';
export type { CacheRecord, Change } from './cache-record.ts';
export { describeChange, describeMiss } from './change.ts';
export type {
  AttemptEnded, AttemptStarted, BranchTaken, ExitHandlerStarted, GroupEnded, LogLine, LoopExpanded, Miss, Progress, RetryScheduled, RunEnded, RunEvent,
  RunStarted, RunStopping, TaskEnded, TaskStarted,
} from './event.ts';
export type { Ending, Execution, Executor, Job } from './executor.ts';
export { createDockerExecutor, requireEngine, type DockerExecutorOptions } from './executors/docker.ts';
export { createInlineExecutor, type InlineExecutorOptions, type InlineHost, type InlineProgram } from './executors/inline.ts';
export { createProcessExecutor, type ProcessExecutorOptions } from './executors/process.ts';
export { explain, type Explanation, type ExplainOptions } from './explain.ts';
export type { RunOptions, RunOutcome } from './options.ts';
export { latestRun, listRuns, readPipeline, readRun, readTask, readTasks, type FoundRun } from './read-runs.ts';
export { runPipeline } from './run.ts';
export type { AttemptRecord, CacheDecision, GroupSummary, ProcessIdentity, Reason, RunRecord, TaskRecord, TaskSummary } from './run-record.ts';
export type { RunStatus, Status } from './status.ts';
