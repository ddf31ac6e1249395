import { fileURLToPath } from 'node:url';
import { endsFor, runTests } from './run-tests.ts';
import type { Sabotage } from './sabotage.ts';
import { SABOTAGES } from './safeguards.ts';
import { makeScratch, type Scratch } from './scratch.ts';

// Breaks each safeguard in a copy of the checkout and looks whether its test turns red:
// `npm run sabotage`, or `npm run sabotage -- masking "seq guard"`. Exit 1 when one stays green.

const asked = process.argv.slice(2).filter((argument) => argument !== '--');
const names = [...new Set(SABOTAGES.map(({ safeguard }) => safeguard))];
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no safeguard ${unknown.join(', ')}; there are: ${names.join(', ')}`);
  process.exit(2);
}
const chosen = SABOTAGES.filter(({ safeguard }) => asked.length === 0 || asked.includes(safeguard));

const scratch = await makeScratch(fileURLToPath(new URL('../..', import.meta.url)));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void scratch.remove().then(() => process.exit(130)));
let wrong: readonly string[];
try {
  wrong = (await greenBefore(scratch, chosen)) ?? (await redAfter(scratch, chosen));
} finally {
  await scratch.remove();
}
for (const line of wrong) console.error(line);
process.exit(wrong.length === 0 ? 0 : 1);

/** What keeps the tests from saying anything: one that is missing, skipped or red while nothing is broken. */
async function greenBefore({ dir }: Scratch, sabotages: readonly Sabotage[]): Promise<readonly string[] | null> {
  console.log(`${sabotages.length} sabotages; first their tests on the sound product`);
  const ends = await runTests(
    dir,
    sabotages.map(({ red }) => red),
  );
  const wrong = sabotages.flatMap(({ red }) => {
    const statuses = endsFor(red, ends).map(({ status }) => status);
    if (statuses.length > 0 && statuses.every((status) => status === 'passed')) return [];
    return [`${red.file} > ${red.title}: ${statuses.join(', ') || 'no such test'} before anything was broken`];
  });
  return wrong.length === 0 ? null : [...new Set(wrong)];
}

/** What stayed green although its safeguard was broken. */
async function redAfter(scratch: Scratch, sabotages: readonly Sabotage[]): Promise<readonly string[]> {
  const green: string[] = [];
  for (const sabotage of sabotages) {
    const restore = await scratch.replace(sabotage.file, sabotage.from, sabotage.to);
    const ends = endsFor(sabotage.red, await runTests(scratch.dir, [sabotage.red]));
    await restore();
    const red = ends.filter(({ status }) => status === 'failed');
    const seen = red.length > 0 ? `red    ${red[0]?.title}` : `${ends.map(({ status }) => status).join(', ') || 'did not run'}`;
    console.log(`${sabotage.safeguard.padEnd(22)} ${sabotage.broken.padEnd(70)} ${seen}`);
    if (red.length === 0)
      green.push(`${sabotage.safeguard}: ${sabotage.broken}, and ${sabotage.red.file} > ${sabotage.red.title} did not notice`);
  }
  return green;
}
