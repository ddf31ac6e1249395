import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Ports = z.object({
  api: z.int().optional(),
  postgres: z.int().optional(),
  temporal: z.int().optional(),
  temporal_ui: z.int().optional(),
  sshd: z.int().optional(),
});

/** Ports this clone used last, so that addresses stay the same from one start to the next. */
export type Ports = z.infer<typeof Ports>;

/** The folder of all local state: data, keys, logs, and `state.json`. */
export const STATE_FOLDER = '.capstan';

/** The ports recorded in a state folder; none when there is no usable record. */
export function readPorts(folder: string): Ports {
  try {
    return z.object({ ports: Ports }).parse(JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'))).ports;
  } catch {
    return {};
  }
}

/** Records the ports for the next start, and for people and scripts who want to reach a part of the stack. */
export function writePorts(folder: string, ports: Ports): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'state.json');
  writeFileSync(`${file}.new`, `${JSON.stringify({ ports }, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
