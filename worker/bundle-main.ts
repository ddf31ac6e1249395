import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflows } from './bundle.ts';

// Writes the workflow code as one file, into the file named.
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node worker/bundle-main.ts <file>');
const { code } = await bundleWorkflows(fileURLToPath(new URL('../workflows/index.ts', import.meta.url)));
await writeFile(file, code);
