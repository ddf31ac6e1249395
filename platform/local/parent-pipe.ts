const GRACE_MS = 10_000;

/** In a process that `npm start` started: when the starter is gone, even by `kill -9`, ends this one as SIGTERM would, and by force after 10 s. Elsewhere does nothing. */
export function endWithParent(): void {
  if (process.env.CAPSTAN_PARENT_PIPE !== '1') return;
  // What this process starts in turn has another standard input.
  delete process.env.CAPSTAN_PARENT_PIPE;
  process.stdin.resume();
  process.stdin.once('error', end);
  process.stdin.once('close', end);
  process.stdin.unref();
}

function end(): void {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), GRACE_MS).unref();
}
