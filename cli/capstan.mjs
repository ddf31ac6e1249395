#!/usr/bin/env node
// Plain JavaScript: whatever Node runs this, the program itself needs one that runs TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const bundled = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import(main);
} else if (existsSync(bundled)) {
  const child = spawn(bundled, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches both, and what it means the program says; a signal to this process alone is handed on.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      if (signal === 'SIGTERM' || ![process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY)) child.kill(signal);
    });
  }
  child.on('exit', (status, signal) => {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    if (signal) process.kill(process.pid, signal);
    else process.exit(status ?? 1);
  });
} else {
  process.stderr.write(`capstan needs Node 24 or newer and this is ${process.version}; run npm ci, which brings one along\n`);
  process.exit(2);
}
