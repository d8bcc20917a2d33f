import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';

/*
 * A runner that is killed by SIGKILL cannot end its children. So a small shell stands by, told through a pipe what
 * there is to end; when the pipe closes although something is left, the runner has died, and the shell ends it.
 * It is a session of its own: a Ctrl-C in the terminal does not reach it. Its `kill` has no `--` before the group:
 * dash and busybox take that for a number, and end nothing.
 *
 * Left open: a runner killed in the moment (some 0.1 ms) between a child's start and the message about it, and
 * processes that leave their group with setsid.
 */
const SCRIPT = `
all=' '
while read -r sign one; do
  case $sign in
    +) all="$all$one " ;;
    -) case $all in *" $one "*) all="\${all%% $one *} \${all#* $one }" ;; esac ;;
  esac
done
for one in $all; do
  case $one in
    -*) kill -KILL "$one" 2>/dev/null ;;
    *) docker kill "$one" >/dev/null 2>&1 & ;;
  esac
done
wait
`;

/** Something that must not outlive the runner: a process group, or a container by its name. */
export type Charge = { readonly group: number } | { readonly container: string };

/** One for the whole process: it goes home when this process ends, whichever way. */
let shell: ChildProcess | undefined;

export function watch(charge: Charge): void {
  tell('+', charge);
}

export function release(charge: Charge): void {
  tell('-', charge);
}

function tell(sign: '+' | '-', charge: Charge): void {
  shell ??= start();
  shell.stdin?.write(`${sign} ${'group' in charge ? -charge.group : charge.container}\n`);
}

function start(): ChildProcess {
  const started = spawn('/bin/sh', ['-c', SCRIPT], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Without a shell nobody stands by, but the run can go on.
  started.on('error', () => undefined);
  started.stdin.on('error', () => undefined);
  // It must not keep this process alive.
  started.unref();
  (started.stdin as Socket).unref();
  return started;
}
