import type { V1ContainerStatus, V1Deployment, V1Pod } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { complaintIn, judgeReadiness } from '../../../serving/cluster/readiness.ts';

/** As the API server of Kubernetes 1.34 reported them. */
const deployment = (status: V1Deployment['status'] = {}): V1Deployment => ({ metadata: { generation: 2 }, spec: { selector: {}, template: {} }, status: { observedGeneration: 2, ...status } });
const pod = (container: Partial<V1ContainerStatus>, conditions: NonNullable<V1Pod['status']>['conditions'] = []): V1Pod => ({
  metadata: { name: 'm-v2-x' },
  status: { conditions: [{ type: 'Ready', status: 'False' }, ...conditions], containerStatuses: [{ name: 'kserve-container', image: 'pipewright/serving:1', imageID: '', ready: false, restartCount: 0, ...container }] },
});
const judge = (pods: readonly V1Pod[], status: V1Deployment['status'] = {}, complaint?: string) =>
  judgeReadiness({ deployment: deployment(status), pods, complaints: new Map(complaint === undefined ? [] : [['m-v2-x', complaint]]) }, 2);

describe('servers are ready', () => {
  it('when as many as are needed answer, all of the present template', () => {
    expect(judge([], { replicas: 2, updatedReplicas: 2, availableReplicas: 2 })).toEqual({ kind: 'ready' });
    expect(judge([], { replicas: 3, updatedReplicas: 2, availableReplicas: 2 })).toEqual({ kind: 'waiting', says: '2 of 2 servers are ready' });
    expect(judge([], { replicas: 2, updatedReplicas: 2, availableReplicas: 1 })).toEqual({ kind: 'waiting', says: '1 of 2 servers are ready' });
    expect(judge([], { replicas: 2, updatedReplicas: 2, availableReplicas: 2, observedGeneration: 1 })).toMatchObject({ kind: 'waiting' });
  });
});

describe('what keeps servers from getting ready is named', () => {
  it.each([
    ['an image that cannot be pulled', pod({ state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } } }), /^the image pipewright\/serving:1 cannot be had \(ImagePullBackOff\): Back-off/, 20],
    ['an image that must be there', pod({ state: { waiting: { reason: 'ErrImageNeverPull', message: 'not present' } } }), /cannot be had \(ErrImageNeverPull\)/, 0],
    ['a Secret that is missing', pod({ state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' } } }), /cannot be set up: secret "x" not found/, 10],
    ['its last words', pod({ restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 64, message: 'error PW601\n  --port is "x"\n' } } }), /does not stay up: it ended with code 64, and its last words were: error PW601 --port is "x"$/, 0],
    ['too little memory', pod({ restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }), /it ran out of memory/, 0],
    ['no room', pod({}, [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available: 1 Insufficient cpu.' }]), /^no node takes its pod: 0\/1 nodes/, 150],
  ])('%s', (_what, found, says, patience) => {
    expect(judge([found])).toEqual({ kind: 'trouble', trouble: { says: expect.stringMatching(says), fix: expect.any(String), patience } });
  });

  it('what the server itself says, at once when it is about the model', () => {
    expect(judge([pod({ state: { running: {} } })], {}, 'PW507: The golden predictions do not come out.')).toMatchObject({ trouble: { says: expect.stringContaining('says: PW507'), patience: 0 } });
    expect(judge([pod({ state: { running: {} } })], {}, 'PW403: The store does not answer.')).toMatchObject({ trouble: { patience: 45 } });
    expect(judge([pod({ state: { running: {} } })])).toMatchObject({ kind: 'waiting' });
  });

  it('what refuses its pods, and that it was removed', () => {
    const failure = { type: 'ReplicaFailure', status: 'True', message: 'exceeded quota' };
    expect(judge([], { conditions: [failure] })).toMatchObject({ trouble: { says: 'its pods are refused: exceeded quota' } });
    expect(judgeReadiness({ deployment: undefined, pods: [], complaints: new Map() }, 2)).toMatchObject({ trouble: { says: expect.stringContaining('its Deployment is gone'), patience: 0 } });
    expect(judgeReadiness({ deployment: undefined, pods: [], complaints: new Map(), absentSeconds: 30 }, 2)).toMatchObject({ trouble: { says: expect.stringContaining('KServe has made no Deployment'), patience: 30 } });
    const updated = { ...deployment({ replicas: 2, updatedReplicas: 2, availableReplicas: 2 }) };
    expect(judgeReadiness({ deployment: updated, pods: [], complaints: new Map(), image: 'pipewright/serving:2' }, 2), 'KServe has not taken note').toMatchObject({ kind: 'waiting' });
  });

  it('but not a pod that is on its way out', () => {
    const leaving = pod({ state: { waiting: { reason: 'ErrImageNeverPull' } } });
    expect(judge([{ ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: new Date() } }])).toMatchObject({ kind: 'waiting' });
  });
});

describe('a complaint in a log', () => {
  it('is the last word of the server about its model', () => {
    const failed = JSON.stringify({ event: 'model-load-failed', reason: 'PW403: no answer' });
    expect(complaintIn(`{"event":"listening"}\n${failed}\n`)).toBe('PW403: no answer');
    expect(complaintIn(`${failed}\n{"event":"model-loaded"}\n`)).toBeUndefined();
    expect(complaintIn('not JSON\n')).toBeUndefined();
  });
});
