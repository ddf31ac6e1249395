import { CommandFailed, EXIT } from './exit-codes.ts';

/** Reads a line from the terminal without showing it. */
export function askHidden(prompt: string): Promise<string> {
  // First, so that not even who types at once sees it.
  process.stdin.setRawMode(true).setEncoding('utf8').resume();
  process.stderr.write(prompt);
  return new Promise((resolve, reject) => {
    let typed = '';
    const read = (keys: string): void => {
      for (const key of keys) {
        if (key === '\u0003' || key === '\r' || key === '\n' || key === '\u0004') {
          process.stdin.setRawMode(false).off('data', read).pause();
          process.stderr.write('\n');
          if (key === '\u0003') reject(new CommandFailed(EXIT.interrupted, 'given up; nothing was started'));
          else resolve(typed);
          return;
        }
        typed = key === '\u007f' ? typed.slice(0, -1) : typed + key;
      }
    };
    process.stdin.on('data', read);
  });
}
