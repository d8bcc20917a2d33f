import { readFileSync } from 'node:fs';
import { reasonsFor } from '../../../cli/cluster-run/reasons.ts';
import { parametersOf, SnapshotReader, type Snapshot } from '../../../cli/cluster-run/snapshot.ts';
import { Tracker } from '../../../cli/cluster-run/tracker.ts';
import type { Workflow } from '../../../cli/cluster-run/workflow.ts';
import { demandChecked } from '../../../dsl/check/index.ts';
import type { RunEvent } from '../../../dsl/local/event.ts';
import { recorded } from './pipeline.ts';

export const PIPELINE = demandChecked(recorded);

/** Workflows as they were, one after the other; only what nobody reads was taken out. */
export function readRecorded(name: 'good' | 'bad' | 'faults'): readonly Workflow[] {
  return JSON.parse(readFileSync(new URL(`./recorded/${name}.json`, import.meta.url), 'utf8')) as Workflow[];
}

export interface Story {
  readonly events: readonly RunEvent[];
  readonly last: Snapshot;
  readonly reader: SnapshotReader;
}

/** What somebody is told who saw these. */
export function tell(workflows: readonly Workflow[], pipeline = PIPELINE): Story {
  const parameters = parametersOf(pipeline, workflows[0]!);
  const reader = new SnapshotReader(pipeline, parameters);
  const tracker = new Tracker(pipeline, parameters);
  const snapshots: Snapshot[] = [];
  const events = workflows.flatMap((workflow) => {
    const snapshot = reader.read(workflow);
    snapshots.push(snapshot);
    return tracker.apply(snapshot, 0, reasonsFor(pipeline, snapshot, new Map()));
  });
  return { events, last: snapshots.at(-1)!, reader };
}
