import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allTo, answering, httpRoute, NO_TRAFFIC, readTraffic, withPreview, without, type Traffic } from '../../../serving/cluster/route.ts';

const place = { namespace: 'pipewright-models', gateway: { name: 'pipewright' } };
const routeOf = (traffic: Traffic) => httpRoute('stock-direction', traffic, place, (version) => `stock-direction-v${version}`);

describe('a route', () => {
  it('says what it was told, whatever that was', () => {
    const versions = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 4 });
    const shares = versions.chain((numbers) => fc.tuple(...numbers.map((version) => fc.record({ version: fc.constant(version), weight: fc.integer({ min: 0, max: 100 }) }))));
    fc.assert(
      fc.property(shares, versions, (weights, previews) => {
        const traffic: Traffic = { weights, previews: [...previews].sort((a, b) => a - b) };
        expect(readTraffic(routeOf(traffic))).toEqual(traffic);
      }),
    );
    expect(readTraffic(undefined)).toEqual(NO_TRAFFIC);
  });

  it('takes the paths of one model in both protocols, and asks for a version by header', () => {
    const [shared, one, two] = routeOf({ weights: [{ version: 1, weight: 100 }, { version: 2, weight: 0 }], previews: [1, 2] }).spec.rules!;
    const paths = ['/v2/models/stock-direction', '/v1/models/stock-direction', '/v1/models/stock-direction:predict', '/v1/models/stock-direction%3Apredict'];
    for (const rule of [shared, one, two]) expect(rule!.matches!.map(({ path }) => path!.value)).toEqual(paths);
    expect(shared!.matches!.every(({ headers }) => headers === undefined)).toBe(true);
    expect(shared!.backendRefs!.map(({ name, weight }) => [name, weight])).toEqual([['stock-direction-v1', 100], ['stock-direction-v2', 0]]);
    expect(two!.matches!.map(({ headers }) => headers)).toEqual(paths.map(() => [{ type: 'Exact', name: 'pipewright-version', value: '2' }]));
    expect(two!.backendRefs!.map(({ name }) => name)).toEqual(['stock-direction-v2']);
  });

  it('has the shared rule first, however many versions can be previewed', () => {
    const { rules } = routeOf({ weights: [{ version: 2, weight: 100 }], previews: [1, 2, 3] }).spec;
    expect(rules!.map(({ matches }) => matches![0]!.headers?.[0]?.value)).toEqual([undefined, '1', '2', '3']);
  });

  it('keeps what others wrote into it: host names, gateways, rules, filters, timeouts, matches', () => {
    const serviceOf = (version: number): string => `stock-direction-v${version}`;
    const before = routeOf({ weights: [{ version: 1, weight: 100 }], previews: [1] });
    const [shared, preview] = before.spec.rules!;
    const mirror = { type: 'RequestMirror', requestMirror: { backendRef: { name: 'recorder', port: 80 } } };
    const byHost = { path: { type: 'PathPrefix', value: '/predict' } };
    const foreign = { name: 'docs', matches: [{ path: { type: 'PathPrefix', value: '/docs' } }], backendRefs: [{ name: 'docs', port: 80 }] };
    const edge = { name: 'edge', namespace: 'ingress' };
    const present = {
      ...before,
      metadata: { ...before.metadata, resourceVersion: '7', labels: { ...before.metadata.labels, team: 'quant' } },
      spec: {
        parentRefs: [...before.spec.parentRefs!, edge],
        hostnames: ['models.example.org'],
        rules: [foreign, { ...shared!, matches: [...shared!.matches!, byHost], timeouts: { request: '2s' }, filters: [mirror], backendRefs: [{ ...shared!.backendRefs![0]!, filters: [{ type: 'RequestHeaderModifier' }] }] }, preview!],
      },
    };
    expect(readTraffic(present)).toEqual({ weights: [{ version: 1, weight: 100 }], previews: [1] });
    const next = { weights: [{ version: 2, weight: 100 }, { version: 1, weight: 0 }], previews: [1, 2] };
    const after = httpRoute('stock-direction', next, place, serviceOf, present);
    expect(readTraffic(after)).toEqual(next);
    expect(after.metadata).toMatchObject({ resourceVersion: '7', labels: { team: 'quant', 'pipewright/model': 'stock-direction' } });
    expect(after.spec.parentRefs).toEqual(present.spec.parentRefs);
    expect(after.spec['hostnames']).toEqual(['models.example.org']);
    expect(after.spec.rules![0]).toMatchObject({ timeouts: { request: '2s' }, filters: [mirror] });
    expect(after.spec.rules![0]!.matches!.at(-1)).toEqual(byHost);
    expect(after.spec.rules![0]!.backendRefs).toEqual([
      expect.not.objectContaining({ filters: expect.anything() }), expect.objectContaining({ name: 'stock-direction-v1', weight: 0, filters: [{ type: 'RequestHeaderModifier' }] }),
    ]);
    expect(after.spec.rules!.at(-1)).toEqual(foreign);
    // A route that somebody moved to another gateway is attached to ours as well.
    expect(httpRoute('stock-direction', next, place, serviceOf, { ...present, spec: { ...present.spec, parentRefs: [edge] } }).spec.parentRefs).toEqual([edge, before.spec.parentRefs![0]]);
  });

  it('reads weights that a person set', () => {
    const traffic = { weights: [{ version: 1, weight: 90 }, { version: 2, weight: 10 }], previews: [] };
    expect(answering(readTraffic(routeOf(traffic)))).toEqual([1, 2]);
    expect(answering({ weights: [{ version: 1, weight: 0 }, { version: 2, weight: 1 }], previews: [] })).toEqual([2]);
  });
});

describe('traffic', () => {
  it('goes to one version, while what is kept and what is newer can be asked for', () => {
    const before: Traffic = { weights: [{ version: 1, weight: 100 }], previews: [1, 2, 3] };
    expect(allTo(before, 2, 1)).toEqual({ weights: [{ version: 2, weight: 100 }, { version: 1, weight: 0 }], previews: [1, 2, 3] });
    expect(allTo({ ...before, previews: [1, 2, 4] }, 4, 2)).toEqual({ weights: [{ version: 4, weight: 100 }, { version: 2, weight: 0 }], previews: [2, 4] });
    expect(allTo(NO_TRAFFIC, 1, undefined)).toEqual({ weights: [{ version: 1, weight: 100 }], previews: [1] });
  });

  it('comes and goes with a preview', () => {
    const { weights } = allTo(NO_TRAFFIC, 1, undefined);
    expect(withPreview({ weights, previews: [1] }, 2)).toEqual({ weights, previews: [1, 2] });
    expect(without(withPreview({ weights, previews: [1] }, 2), 2)).toEqual({ weights, previews: [1] });
  });
});
