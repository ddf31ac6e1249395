import { mkdir, writeFile } from 'node:fs/promises';
import { measureStepOverhead } from './step-overhead.ts';

const BENCHES: { readonly [name: string]: (rounds: number) => Promise<unknown> } = {
  'step-overhead': measureStepOverhead,
};

const [name = '', rounds = '9'] = process.argv.slice(2).filter((argument) => argument !== '--');
const bench = BENCHES[name];
if (!bench) {
  console.error(`usage: npm run bench -- <${Object.keys(BENCHES).join('|')}> [rounds]`);
  process.exit(2);
}
const results = await bench(Number(rounds));
await mkdir('test/bench/results', { recursive: true });
await writeFile(`test/bench/results/${name}.json`, `${JSON.stringify(results, null, 2)}\n`);
console.log(JSON.stringify(results, null, 2));
process.exit(0);
