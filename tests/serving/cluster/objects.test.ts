import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverPod } from '../../../serving/cluster/container.ts';
import { inferenceService } from '../../../serving/cluster/inference-service.ts';
import { versionName, versionOfName } from '../../../serving/cluster/names.ts';
import { DEFAULT_PLACE, type ServingPlace } from '../../../serving/cluster/place.ts';
import { autoscaler, deployment, disruptionBudget, service } from '../../../serving/cluster/version-objects.ts';
import { readSettings, type ServingSettings } from '../../../serving/settings.ts';

const place: ServingPlace = { ...DEFAULT_PLACE, image: 'pipewright/serving:0123456789ab' };
const served = { model: 'stock-direction', version: 3 };
const settingsIn = (): ServingSettings => {
  const environment = serverPod(served, place, {}).containers[0]!.env!.map(({ name, value, valueFrom }) => [name, value ?? (valueFrom!.secretKeyRef!.optional ? undefined : 's3://pipewright')]);
  return readSettings([], Object.fromEntries(environment) as Record<string, string>) as ServingSettings;
};

describe('the name of a version', () => {
  it('is a DNS label that begins with a letter, and tells the version', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/), fc.integer({ min: 1, max: 99_999_999 }), (model, version) => {
        const name = versionName(model, version);
        expect(name).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
        expect(versionOfName(name)).toBe(version);
        expect(versionOfName(`${name}-predictor`)).toBe(version);
        expect(`${name}-predictor`.length).toBeLessThanOrEqual(63);
      }),
    );
    expect(versionName('stock-direction', 3)).toBe('stock-direction-v3');
  });

  it('keeps long names apart', () => {
    const long = 'a'.repeat(62);
    expect(versionName(`${long}b`, 1)).not.toBe(versionName(`${long}c`, 1));
    expect(versionOfName('stock-direction')).toBeUndefined();
    expect(versionOfName('a-v0')).toBeUndefined();
  });
});

describe('the servers of a version', () => {
  it('have settings that the server takes: one version for good, and time for the gateway to notice', () => {
    const { origin, drainDelay, drainTimeout, keepAliveTimeout, host, port } = settingsIn();
    expect(origin).toEqual({ kind: 'registry', store: 's3://pipewright', names: ['stock-direction'], alias: 'production', version: 3 });
    expect({ host, port }).toEqual({ host: '0.0.0.0', port: 8080 });
    expect(drainDelay).toBeGreaterThan(0);
    expect(serverPod(served, place, {}).terminationGracePeriodSeconds).toBeGreaterThan(drainDelay + drainTimeout);
    expect(keepAliveTimeout, 'longer than Envoy keeps an idle connection').toBeGreaterThan(3600);
  });

  it('meet the restricted Pod Security Standard, and have no token and no writable file system', () => {
    const { securityContext, automountServiceAccountToken, serviceAccountName, containers, volumes } = serverPod(served, place, {});
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect({ automountServiceAccountToken, serviceAccountName, volumes }).toEqual({ automountServiceAccountToken: false, serviceAccountName: 'pipewright-server', volumes: undefined });
    expect(containers[0]!.securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true });
  });

  it('name keys, and hold none', () => {
    const { env } = serverPod(served, place, {}).containers[0]!;
    for (const { name, value } of env!.filter(({ name }) => /KEY|SECRET|TOKEN|STORE|ENDPOINT/.test(name))) expect(value, name).toBeUndefined();
  });

  it('are exchanged without one missing, found by the labels of KServe, and asked as it asks', () => {
    const { metadata, spec } = deployment(served, place);
    expect(spec!.strategy!.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(spec!.replicas, 'belongs to the autoscaler').toBeUndefined();
    expect(metadata!.labels).toMatchObject({ 'serving.kserve.io/inferenceservice': 'stock-direction', component: 'predictor' });
    const [container] = spec!.template.spec!.containers;
    expect(container).toMatchObject({ name: 'kserve-container', livenessProbe: { httpGet: { path: '/v2/health/live', port: 8080 } }, readinessProbe: { httpGet: { path: '/v2/health/ready', port: 8080 } } });
    for (const selector of [spec!.selector.matchLabels, service(served, place).spec!.selector, disruptionBudget(served, place).spec!.selector!.matchLabels]) {
      expect(spec!.template.metadata!.labels).toMatchObject(selector!);
      expect(selector).toEqual({ 'pipewright/model': 'stock-direction', 'pipewright/version': '3' });
    }
    expect(autoscaler(served, place, 2).spec).toMatchObject({ scaleTargetRef: { kind: 'Deployment', name: metadata!.name }, minReplicas: 2, maxReplicas: 6 });
  });

  it('are the same under KServe, which makes no route for them', () => {
    const { metadata, spec } = inferenceService(served, place, 2);
    expect(metadata.annotations).toEqual({ 'serving.kserve.io/deploymentMode': 'Standard' });
    expect(metadata.labels).toMatchObject({ 'networking.kserve.io/visibility': 'cluster-local' });
    expect(spec.predictor.containers).toEqual(deployment(served, place).spec!.template.spec!.containers);
    expect(spec.predictor).toMatchObject({ minReplicas: 2, maxReplicas: 6, serviceAccountName: 'pipewright-server', automountServiceAccountToken: false });
  });
});
