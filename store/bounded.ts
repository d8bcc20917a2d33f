/**
 * Applies an asynchronous function to every item, at most `limit` at a time, and returns the results in order. After the
 * first failure no further item is begun; it is thrown when those under way have ended, so nothing goes on in secret.
 */
export async function mapBounded<T, R>(items: readonly T[], limit: number, apply: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let failure: { readonly error: unknown } | undefined;
  let next = 0;
  const work = async (): Promise<void> => {
    while (failure === undefined && next < items.length) {
      const index = next++;
      try {
        results[index] = await apply(items[index]!, index);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
  return results;
}
