import { createHash } from 'node:crypto';

const LONGEST_NAME = 255;

/** Where a file grows until it is whole: beside its place, hidden, named by the run, so that a later attempt finds it and another run does not. */
export function partOf(path: string, run: string): string {
  const slash = path.lastIndexOf('/') + 1;
  const name = path.slice(slash);
  const part = `.${name}.${run}.part`;
  if (Buffer.byteLength(part) + '.old'.length <= LONGEST_NAME) return path.slice(0, slash) + part;
  return `${path.slice(0, slash)}.${createHash('sha256').update(name).digest('hex').slice(0, 32)}.${run}.part`;
}

/** Whether a name is that of a file under way, of whichever run; such names are neither copied nor deleted. */
export const isPart = (name: string): boolean => /^\..+\.[0-9a-f]{8}-[0-9a-f-]{27}\.part(\.old)?$/.test(name);
