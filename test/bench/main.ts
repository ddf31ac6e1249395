import { measureBulk } from './bulk.ts';
import { measureDecisions } from './decisions.ts';
import { measureDefinitions } from './definitions.ts';
import { measureDevices } from './devices.ts';
import { measureLocks } from './locks.ts';
import { measureMemory } from './memory.ts';
import { measurePage } from './page.ts';
import { measureQueues } from './queues.ts';
import { keepResult } from './result.ts';
import { measureScheduleLooks } from './schedule-looks.ts';
import { measureSchedules } from './schedules.ts';
import { measureSftp } from './sftp.ts';
import { measureSshCommands } from './ssh-commands.ts';
import { measureSshSleepers } from './ssh-sleepers.ts';
import { measureStartLatency } from './start-latency.ts';
import { measureStepOverhead } from './step-overhead.ts';
import { measureStepToScreen } from './step-to-screen.ts';
import { writeTables } from './table.ts';

const BENCHES = {
  'step-overhead': { measure: measureStepOverhead, rounds: 15 },
  'start-latency': { measure: measureStartLatency, rounds: 200 },
  'step-to-screen': { measure: measureStepToScreen, rounds: 20 },
  memory: { measure: measureMemory, rounds: 1 },
  'ssh-commands': { measure: measureSshCommands, rounds: 7 },
  'ssh-sleepers': { measure: measureSshSleepers, rounds: 1 },
  sftp: { measure: measureSftp, rounds: 5 },
  definitions: { measure: measureDefinitions, rounds: 15 },
  decisions: { measure: measureDecisions, rounds: 500 },
  devices: { measure: measureDevices, rounds: 7 },
  locks: { measure: measureLocks, rounds: 10_000 },
  bulk: { measure: measureBulk, rounds: 10_000 },
  queues: { measure: measureQueues, rounds: 400 },
  'schedule-looks': { measure: measureScheduleLooks, rounds: 10_000 },
  page: { measure: measurePage, rounds: 20_000 },
  schedules: { measure: measureSchedules, rounds: 10_000 },
} as const;
type Bench = keyof typeof BENCHES;

const names = Object.keys(BENCHES) as Bench[];
const [wanted, rounds] = process.argv.slice(2).filter((argument) => argument !== '--');
const chosen = wanted === 'all' ? names : names.filter((name) => name === wanted);
if ((chosen.length === 0 && wanted !== 'table') || !/^([1-9]\d*)?$/.test(rounds ?? '')) {
  console.error(`usage: npm run bench -- <${[...names, 'all', 'table'].join('|')}> [rounds]`);
  process.exit(2);
}
for (const name of chosen) {
  const bench = BENCHES[name];
  const asked = rounds === undefined ? bench.rounds : Number(rounds);
  const findings = await bench.measure(asked);
  if (findings.length === 0) continue;
  await keepResult(name, asked, findings);
  for (const { what, capstan, verdict, goal, unit } of findings) {
    console.log(
      `${name}: ${what}: ${capstan.median} ${unit}, ${verdict}${goal ? ` (goal ${goal.words}: ${goal.met ? 'met' : 'missed'})` : ''}`,
    );
  }
}
await writeTables(names);
process.exit(0);
