import type { WriteStream } from 'node:tty';

/** Tells people that something long goes on: a bar on a terminal, a line every ten seconds elsewhere. */
export interface Progress {
  /** What happens now; `fraction` from 0 to 1 where it is known. */
  show(text: string, fraction?: number): void;
  /** Ends the bar, leaving a last line if there is something to say. */
  end(text?: string): void;
}

const BAR = 24;
const QUIET_MS = 10_000;

export function startProgress(title: string, out: Pick<WriteStream, 'write'> & { readonly isTTY?: boolean } = process.stderr): Progress {
  const startedAt = Date.now();
  let text = '';
  let fraction: number | undefined;
  let saidAt = 0;
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const draw = (): void => {
    const filled = Math.round((fraction ?? 0) * BAR);
    const bar = fraction === undefined ? '' : ` ${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${Math.round(fraction * 100)} %`;
    if (out.isTTY) out.write(`\r\x1b[2K  ${title}${bar} ${text} (${seconds()} s)`);
    else if (Date.now() - saidAt >= QUIET_MS) {
      saidAt = Date.now();
      out.write(`  ${title}${bar} ${text} (${seconds()} s)\n`);
    }
  };
  const ticker = setInterval(draw, out.isTTY ? 500 : QUIET_MS);
  ticker.unref();
  return {
    show(now, part) {
      const fresh = text === '';
      text = now;
      fraction = part;
      if (out.isTTY || fresh) draw();
    },
    end(last) {
      clearInterval(ticker);
      if (out.isTTY) out.write('\r\x1b[2K');
      if (last !== undefined) out.write(`  ${last}\n`);
    },
  };
}
