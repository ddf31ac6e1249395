/*
 * Imported for its effect by processes that `npm start` starts: when the starter is gone, even by `kill -9`, this process ends as SIGTERM would end it,
 * and by force after 10 s. Elsewhere it does nothing.
 */
const GRACE_MS = 10_000;

if (process.env.CAPSTAN_PARENT_PIPE === '1') {
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

export {};
