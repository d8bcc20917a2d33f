import { isDeepStrictEqual } from 'node:util';
import type { Kubernetes } from './kubernetes.ts';
import type { ServingPlace } from './place.ts';
import { httpRoute, readTraffic, servicesIn, type Traffic } from './route.ts';
import type { Servers } from './servers.ts';

/** The route of one model. */
export interface Route {
  read(): Promise<Traffic>;
  /**
   * Changes who gets requests, in view of who does at that moment: if the route changes in between it is read and changed
   * anew. `mayStill` is asked between reading and writing; when it says no, nothing is written and the answer is false.
   */
  edit(change: (traffic: Traffic) => Traffic, mayStill?: () => Promise<boolean>): Promise<boolean>;
}

export function openRoute(kubernetes: Kubernetes, model: string, place: ServingPlace, servers: Servers): Route {
  return {
    read: async () => readTraffic(await kubernetes.get('HTTPRoute', model)),
    edit: async (change, mayStill = async () => true) => {
      for (;;) {
        const present = await kubernetes.get('HTTPRoute', model);
        const traffic = readTraffic(present);
        const next = change(traffic);
        if (!(await mayStill())) return false;
        if (isDeepStrictEqual(next, traffic)) return true;
        if (next.weights.length + next.previews.length === 0) {
          await kubernetes.remove('HTTPRoute', model);
          return true;
        }
        const known = servicesIn(present);
        if (await kubernetes.write('HTTPRoute', httpRoute(model, next, place, (version) => known.get(version) ?? servers.serviceOf(version), present))) return true;
      }
    },
  };
}
