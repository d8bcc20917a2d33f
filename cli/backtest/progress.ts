export interface Progress {
  tell(what: string): void;
  /** Takes the line away. */
  clear(): void;
}

/** How far the work is: one line that changes on a terminal, a line for each step of it elsewhere. */
export function createProgress(out: { readonly isTTY?: boolean | undefined; write(text: string): unknown }): Progress {
  const isLive = out.isTTY === true;
  let shown = false;
  return {
    tell: (what) => {
      out.write(isLive ? `\r\u001b[K${what} …` : `${what}\n`);
      shown = true;
    },
    clear: () => {
      if (isLive && shown) out.write('\r\u001b[K');
      shown = false;
    },
  };
}
