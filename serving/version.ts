/** Of Pipewright, as in package.json (a test compares the two): a bundle has no package.json to read. */
export const VERSION = '0.1.0';
