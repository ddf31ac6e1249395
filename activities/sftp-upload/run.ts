import { stepFailure } from '#jobs/failure.ts';
import type { Run, StepContext } from '../contract.ts';
import { type Item, itemsAt } from '../transports/sftp/carry.ts';
import { contentFiles } from '../transports/sftp/content.ts';
import { FileRoots } from '../transports/sftp/file-roots.ts';
import type { Files } from '../transports/sftp/files.ts';
import { LocalFiles } from '../transports/sftp/local-files.ts';
import { isGlob, pathGlob, splitGlob } from '../transports/sftp/path-glob.ts';
import { sendFiles } from '../transports/sftp/transfer-files.ts';
import { walk } from '../transports/sftp/walk.ts';
import type { sftpUpload } from './spec.ts';

type Config = Parameters<Run<typeof sftpUpload>>[0];

/** Brings what the config names to the target. */
export const runSftpUpload: Run<typeof sftpUpload> = async (config, step) => {
  const { from, items, isTree } = await sourceOf(config, step);
  return sendFiles(step, { from, items, isTree }, config.remote_path, config);
};

async function sourceOf(
  config: Config,
  step: StepContext,
): Promise<{ readonly from: Files; readonly items: readonly Item[]; readonly isTree: boolean }> {
  const { local_path, content, content_encoding = 'text', recursive = false } = config;
  if (local_path === undefined) {
    const from = contentFiles(bytesOf(content ?? '', content_encoding));
    return { from, ...(await itemsAt(from, 'content', false)) };
  }
  const from = new LocalFiles(new FileRoots(step.permits.file_roots));
  if (!isGlob(local_path)) return { from, ...(await itemsAt(from, await from.absolute(local_path), recursive)) };

  const { base, rest } = splitGlob(local_path);
  const glob = pathGlob(rest);
  const root = await from.absolute(base);
  const deepest = rest.includes('**') ? Number.POSITIVE_INFINITY : rest.split('/').length - 1;
  const wants = (relative: string, kind: string): boolean =>
    kind === 'directory' ? relative.split('/').length < deepest : glob.matches(relative);
  const found = await walk(from, root, { links: 'skip', wants: (relative, { kind }) => wants(relative, kind) });
  const items = found.filter(({ facts }) => facts.kind === 'file');
  if (items.length === 0) throw stepFailure('invalid_input', `local_path: no file matches ${local_path}`, { path: local_path });
  return { from, items, isTree: false };
}

function bytesOf(content: string, encoding: 'text' | 'base64'): Buffer {
  if (encoding === 'text') return Buffer.from(content, 'utf8');
  const text = content.replace(/\s+/g, '');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) throw stepFailure('invalid_input', 'content: is not base64');
  return bytes;
}
