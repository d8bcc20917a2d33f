/** Throws RangeError unless `value` is a whole number of `minimum` or more. */
export function checkWhole(name: string, value: number, minimum: number): void {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new RangeError(`The ${name} is ${value}; it must be a whole number of ${minimum} or more.`);
  }
}
