import { Command, CommanderError } from 'commander';
import { apiClient } from './api-client.ts';
import { addCalendarCommands } from './commands/calendars.ts';
import type { CommandGroup } from './commands/command-group.ts';
import { compareCommand } from './commands/compare.ts';
import { completionOf, SHELLS } from './commands/completion.ts';
import { addDefinitionCommands } from './commands/definitions.ts';
import { type ExecOptions, execCommand } from './commands/exec.ts';
import { jobsCommand } from './commands/jobs.ts';
import { addKeyCommands } from './commands/keys.ts';
import { lineageCommand } from './commands/lineage.ts';
import { addLockCommands } from './commands/locks.ts';
import { addLogFileCommands } from './commands/log-files.ts';
import { type LoginOptions, loginCommand } from './commands/login.ts';
import { logsCommand } from './commands/logs.ts';
import { type PlanOptions, planCommand } from './commands/plan.ts';
import { addQueueCommands } from './commands/queues.ts';
import { type RunOptions, runCommand } from './commands/run.ts';
import { type RunsOptions, runsCommand } from './commands/runs.ts';
import { addScheduleCommands } from './commands/schedules.ts';
import { seedCommand } from './commands/seed.ts';
import { addSteeringCommands } from './commands/steer.ts';
import { addStepCommands } from './commands/step.ts';
import { addTargetCommands } from './commands/targets.ts';
import { CommandFailed, EXIT, EXIT_WORDS } from './exit-codes.ts';
import { readLogin } from './login-file.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const program = new Command('capstan')
  .description('Defines, starts, watches and steers runs of a Capstan installation.')
  .option('--url <url>', 'address of the API (default: CAPSTAN_URL, the last login, the stack of this folder, or http://127.0.0.1:8420)')
  .exitOverride()
  .addHelpText('after', `\n${EXIT_WORDS}`);

/** A second interrupt ends the command at once; the run goes on by itself. */
const screen = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
  onInterrupt: (stop: () => void) => void process.once('SIGINT', stop),
};
const login = () => readLogin(process.env, program.opts<{ url?: string }>().url);
const api = () => apiClient(login());
const finish = async (code: Promise<number>): Promise<void> => {
  process.exitCode = await code;
  // What still waits, for a stream that was left or a clock, keeps nobody waiting.
  if (process.exitCode === EXIT.timeout || process.exitCode === EXIT.interrupted) process.exit();
};
const collect = (word: string, words: readonly string[]) => [...words, word];
const group: CommandGroup = { api, say, finish, screen, collect };

program
  .command('run <job|file>')
  .description('start a job, or save the definition in a file and start it')
  .option('-p, --param <name=value>', 'a parameter; may be given many times', collect, [])
  .option('--params-file <file>', 'parameters, YAML or JSON; - is the standard input')
  .option('-f, --follow', 'stay until the run ends')
  .option('--timeout <duration>', 'with --follow: longest stay, e.g. 10m; the run goes on')
  .option('--target <selector>', 'where the steps run that name no target: core-1, or tag:edge,site=ber')
  .option('--version <number>', 'of the job; the current one when absent')
  .option('--tag <name>', 'the version with this tag')
  .option('--step <id>', 'only this step; may be given many times', collect, [])
  .option('--at <instant>', 'start later, e.g. 2027-01-31T18:00:00Z')
  .option('--plan <id>', 'start exactly what this plan says')
  .option('--client <name>', 'for whom the run is')
  .option('--ref-num <text>', 'a reference of yours, e.g. a ticket')
  .option('-m, --message <text>', 'why, kept with the run')
  .option('--priority <number>', '1 most urgent … 10')
  .option('--json', 'the API’s own answer; with --follow the ended run')
  .action((job: string, { param, ...options }: Omit<RunOptions, 'parameter'> & { param: readonly string[] }) =>
    finish(runCommand(api(), job, { ...options, parameter: param }, screen)),
  );

program
  .command('plan <job>')
  .description('what a run would do on each target; nothing is executed')
  .option('-p, --param <name=value>', 'a parameter; may be given many times', collect, [])
  .option('--params-file <file>', 'parameters, YAML or JSON')
  .option('--target <selector>', 'where the steps run that name no target')
  .option('--version <number>', 'of the job; the current one when absent')
  .option('--tag <name>', 'the version with this tag')
  .option('--step <id>', 'only this step; may be given many times', collect, [])
  .option('--json', 'the API’s own answer')
  .action((job: string, { param, ...options }: Omit<PlanOptions, 'parameter'> & { param: readonly string[] }) =>
    finish(planCommand(api(), job, { ...options, parameter: param }, say)),
  );

program
  .command('exec <command...>')
  .description('run a command on all targets that a selector means, and print what each of them writes')
  .requiredOption('-t, --target <selector>', 'names and globs, tag:edge, tag:!lab, tag:ber|fra, kind:device, site=ber; with commas between')
  .option('--device', 'give it to network devices, at their own command line')
  .option('--max-parallel <count>', 'targets at a time')
  .option('--timeout <duration>', 'longest on one target, e.g. 5m')
  .action((words: readonly string[], options: ExecOptions) => finish(execCommand(api(), words, options, screen)));

program
  .command('jobs')
  .description('list the jobs')
  .option('--names', 'their names alone')
  .option('--json', 'the API’s own answers')
  .action((options: { names?: boolean; json?: boolean }) => finish(jobsCommand(api(), options, say)));

program
  .command('runs')
  .description('list the newest runs')
  .option('--status <statuses>', 'only these, separated by commas')
  .option('--job <name>', 'only of this job')
  .option('--limit <count>', 'how many', '20')
  .option('--json', 'the API’s own answer')
  .action((options: RunsOptions) => finish(runsCommand(api(), options, say)));

program
  .command('logs <run> [step]')
  .description('print the log of a run or of one step')
  .option('-f, --follow', 'until the run ends')
  .action((run: string, step: string | undefined, options: { follow?: boolean }) => finish(logsCommand(api(), run, step, options, screen)));

program
  .command('compare <run> <other>')
  .description('how two runs differ; exit code 9 when they do. `last-success` stands for the last run of its job that completed')
  .option('--json', 'the API’s own answer')
  .action((run: string, other: string, options: { json?: boolean }) => finish(compareCommand(api(), run, other, options, say)));

program
  .command('lineage <run>')
  .description('the runs that a run came from, and those that came from it')
  .option('--json', 'the API’s own answer')
  .action((run: string, options: { json?: boolean }) => finish(lineageCommand(api(), run, options, say)));

program
  .command('seed')
  .description('fill the empty database of DATABASE_URL with a year of made-up runs, to see how lists and pages fare with many')
  .requiredOption('--runs <count>', 'how many runs')
  .option('--seed <number>', 'the same number makes the same runs (default: 7)')
  .option('--until <instant>', 'when the past ends, e.g. 2026-11-01T00:00:00Z (default: the last full hour)')
  .option('--days <count>', 'how long it is (default: 365)')
  .action((options: { [name: string]: string | undefined }) => finish(seedCommand(options)));

addSteeringCommands(program, group);
addStepCommands(program, group);
addDefinitionCommands(program, group);
addScheduleCommands(program, group);
addCalendarCommands(program, group);
addLockCommands(program, group);
addLogFileCommands(program, group);
addQueueCommands(program, group);
addTargetCommands(program, group);
addKeyCommands(program, group);

program
  .command('login')
  .description('make a token for this machine and keep it')
  .option('--user <name>', 'who')
  .option('--token-file <file>', 'keep the token in this file instead of asking for a password; - is the standard input')
  .action((options: LoginOptions) => finish(loginCommand(login().url, options, process.env, say)));

program
  .command('completion <shell>')
  .description(`print a script that completes these commands in ${SHELLS.join(', ')}`)
  .action((shell: string) => screen.out(completionOf(program, shell)));

// A pipe that was closed (`capstan logs … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.completed);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.completed : EXIT.usage;
  else if (error instanceof CommandFailed) {
    process.stderr.write(`capstan: ${error.message}\n`);
    process.exitCode = error.code;
  } else throw error;
}
