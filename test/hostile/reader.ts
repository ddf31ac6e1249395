import { parentPort } from 'node:worker_threads';
import { STEP_SPECS } from '#activities/catalog.ts';
import { parseDefinition } from '#jobs/definition.ts';
import { HOSTILE } from './definitions.ts';

// Reads every text as a definition, in a thread that may be short of memory, and says after each that it has come through.
for (const [what, text] of HOSTILE) {
  parseDefinition(text, STEP_SPECS);
  parentPort?.postMessage(what);
}
