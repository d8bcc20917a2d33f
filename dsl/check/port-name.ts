const PORT = /^[a-zA-Z][a-zA-Z0-9_-]*$/;

export const PORT_NAME_RULE = 'Begin with a letter; letters, digits, hyphens and underscores may follow.';

/** Of a parameter, input, output or result: all of them become names of Argo's. */
export function isPortName(name: string): boolean {
  return PORT.test(name);
}
