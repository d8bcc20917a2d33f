/** A string with a meaning: two brands cannot be swapped by accident. */
export type Brand<Name extends string> = string & { readonly __brand: Name };
