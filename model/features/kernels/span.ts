/** Throws RangeError unless a window or distance is a whole number of rows, `minimum` or more. */
export function checkSpan(name: string, rows: number, minimum = 1): void {
  if (!Number.isSafeInteger(rows) || rows < minimum) {
    throw new RangeError(`The ${name} is ${rows}; it must be a whole number of ${minimum} or more.`);
  }
}
