/** Colours and cursor movements that a program printed (ECMA-48 control sequences), taken out. */
export function stripSequences(text: string): string {
  // \u001b is ESC; \u0007 is BEL, which ends an operating system command.
  return text.replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g, '');
}
