import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const SCRIPT = "import('./worker/bundle.ts').then(({ workflowBundle }) => workflowBundle(process.argv[1]))";

/** Bundles the workflow code where its sources changed. In a process of its own: the bundler would stay in the worker with 100 MB. */
export async function buildWorkflows(root: string, folder: string): Promise<void> {
  const bundler = spawn(process.execPath, ['-e', SCRIPT, join(folder, 'bundle')], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [bundler.stdout, bundler.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
  }
  const [code] = await once(bundler, 'close');
  if (code !== 0) throw new Error(`the workflows could not be bundled:\n${said.trim()}`);
}
