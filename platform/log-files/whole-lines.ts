import type { FileHandle } from 'node:fs/promises';

const NEWLINE = 0x0a;
const BLOCK = 65_536;

/** How much of a file is whole lines: up to and with the last line end; what a crash left behind it is half a line. */
export async function wholeLines(file: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - BLOCK);
    const block = await read(file, start, end - start);
    const at = block.lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

/** Whole lines from the last one back to the first for which `isWanted` is false. */
export async function lastLines(file: FileHandle, size: number, isWanted: (line: string) => boolean): Promise<readonly string[]> {
  const wanted: string[] = [];
  let rest = Buffer.alloc(0);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - BLOCK);
    const block = Buffer.concat([await read(file, start, end - start), rest]);
    // What stands before the first line end may begin further up.
    const whole = start === 0 ? 0 : block.indexOf(NEWLINE) + 1;
    for (const line of whole === 0 && start > 0 ? [] : block.subarray(whole).toString().split('\n').reverse()) {
      if (line === '') continue;
      if (!isWanted(line)) return wanted;
      wanted.push(line);
    }
    rest = whole === 0 && start > 0 ? block : block.subarray(0, whole);
    end = start;
  }
  return wanted;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
