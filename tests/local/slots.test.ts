import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Slots } from '../../dsl/local/slots.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('hands out places by order number, whoever asked first', async () => {
  const slots = new Slots(2);
  const order: number[] = [];
  const free = [await slots.take(0), await slots.take(0)];
  const waiting = [5, 1, 4, 2, 3].map(async (number) => {
    const giveBack = await slots.take(number);
    order.push(number);
    giveBack();
  });
  await turn();
  expect(order).toEqual([]);
  free[0]!();
  await Promise.all(waiting);
  expect(order).toEqual([1, 2, 3, 4, 5]);
});

it('takes a place back once', async () => {
  const slots = new Slots(1);
  const giveBack = await slots.take(0);
  giveBack();
  giveBack();
  await slots.take(0);
  let taken = false;
  void slots.take(0).then(() => { taken = true; });
  await turn();
  expect(taken).toBe(false);
});

it('waits for those before who have not decided yet, until they take, withdraw, or come back', async () => {
  const slots = new Slots(1);
  const order: string[] = [];
  const first = slots.announce(1);
  const second = slots.announce(2);
  const third = slots.announce(3).take().then((giveBack) => { order.push('third'); giveBack(); });
  await turn();
  expect(order).toEqual([]);
  const work = second.take().then((giveBack) => { order.push('second'); giveBack(); });
  await turn();
  expect(order).toEqual([]);
  first.withdraw();
  await Promise.all([work, third]);
  expect(order).toEqual(['second', 'third']);

  first.announce();
  void slots.take(4).then(() => order.push('fourth'));
  await turn();
  expect(order).toHaveLength(2);
  (await first.take())();
  await turn();
  expect(order).toEqual(['second', 'third', 'fourth']);
});

it('serves everyone exactly once, in order, however decisions come in', async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.record({ order: fc.integer({ min: 0, max: 6 }), wants: fc.boolean(), delay: fc.nat(3) }), { maxLength: 12 }),
    fc.integer({ min: 1, max: 3 }),
    async (askers, size) => {
      const slots = new Slots(size);
      let [now, most] = [0, 0];
      const served: number[] = [];
      const tickets = askers.map(({ order }) => slots.announce(order));
      await Promise.all(askers.map(async ({ order, wants, delay }, index) => {
        for (let n = 0; n < delay; n++) await turn();
        if (!wants) return tickets[index]!.withdraw();
        const giveBack = await tickets[index]!.take();
        served.push(order);
        most = Math.max(most, ++now);
        await turn();
        now--;
        giveBack();
      }));
      expect(served).toEqual(askers.filter(({ wants }) => wants).map(({ order }) => order).sort((a, b) => a - b));
      expect(most).toBeLessThanOrEqual(size);
    },
  ), { numRuns: 60 });
});
