import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Progress } from './progress.ts';

const SERVICE = 'https://temporal.download';
const Info = z.object({ archiveUrl: z.url(), fileToExtract: z.string() });

export interface DownloadOptions {
  readonly version: string;
  /** An empty folder for what arrives. */
  readonly folder: string;
  readonly progress: Progress;
  /** The service the SDKs download from. */
  readonly service?: string | undefined;
  /** Silence after which the network counts as missing. */
  readonly silenceMs?: number;
}

/** Fetches the official `temporal` program the way Temporal's SDKs do and answers with its path. Throws after 15 s without a byte. */
export async function downloadTemporal({
  version,
  folder,
  progress,
  service = SERVICE,
  silenceMs = 15_000,
}: DownloadOptions): Promise<string> {
  const silence = new AbortController();
  const giveUp = () => silence.abort(new Error(`${service} sent nothing for ${silenceMs / 1000} s`));
  let timer = setTimeout(giveUp, silenceMs);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, silenceMs);
  };
  try {
    progress.show('asking');
    const query = new URLSearchParams({
      arch: process.arch === 'x64' ? 'amd64' : process.arch,
      platform: process.platform,
      format: 'tar.gz',
    });
    const asked = await fetchOk(`${service}/cli/v${version}?${query}`, silence.signal);
    const info = Info.parse(await asked.json());
    alive();
    const archive = await fetchOk(info.archiveUrl, silence.signal);
    const total = Number(archive.headers.get('content-length') ?? 0);
    let received = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        alive();
        received += chunk.length;
        progress.show(`${Math.round(received / 1e6)} MB`, total > 0 ? received / total : undefined);
        done(null, chunk);
      },
    });
    const file = join(folder, 'temporal.tar.gz');
    await pipeline(Readable.fromWeb(archive.body as Parameters<typeof Readable.fromWeb>[0]), counted, createWriteStream(file), {
      signal: silence.signal,
    });
    const unpacked = spawnSync('tar', ['-xzf', file, '-C', folder, info.fileToExtract], { encoding: 'utf8' });
    if (unpacked.status !== 0) throw new Error(`the archive could not be unpacked: ${unpacked.stderr?.trim() ?? unpacked.error?.message}`);
    return join(folder, basename(info.fileToExtract));
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

async function fetchOk(url: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(url, { signal }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`${new URL(url).host} cannot be reached (${cause})`, { cause: error });
  });
  if (!answer.ok || !answer.body) throw new Error(`${new URL(url).host} answered ${answer.status}`);
  return answer;
}
