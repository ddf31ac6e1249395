import { Command, CommanderError } from 'commander';
import { apiClient } from './api-client.ts';
import { type ExecOptions, execCommand } from './commands/exec.ts';
import { addKeyCommands } from './commands/keys.ts';
import { loginCommand } from './commands/login.ts';
import { logsCommand } from './commands/logs.ts';
import { type RunOptions, runCommand } from './commands/run.ts';
import { type RunsOptions, runsCommand } from './commands/runs.ts';
import { cancelCommand, retryCommand } from './commands/steer.ts';
import { addTargetCommands } from './commands/targets.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';
import { readLogin } from './login-file.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const program = new Command('capstan')
  .description('Starts, watches and steers runs of a Capstan installation.')
  .option('--url <url>', 'address of the API (default: CAPSTAN_URL, the last login, the stack of this folder, or http://127.0.0.1:8420)')
  .exitOverride()
  .addHelpText(
    'after',
    '\nExit codes: 0 done and completed, 1 the run did not complete, 2 refused or used wrongly, 7 Capstan does not answer.',
  );

/** A second interrupt ends the command at once; the run goes on ending by itself. */
const screen = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
  onInterrupt: (stop: () => void) => void process.once('SIGINT', stop),
};
const login = () => readLogin(process.env, program.opts<{ url?: string }>().url);
const api = () => apiClient(login());
const finish = async (code: Promise<number>): Promise<void> => {
  process.exitCode = await code;
};
const collect = (word: string, words: readonly string[]) => [...words, word];

program
  .command('run <job|file>')
  .description('start a job, or save the definition in a file and start it')
  .option('-p, --parameter <name=value>', 'a parameter; may be given many times', collect, [])
  .option('-f, --follow', 'stay until the run ends')
  .option('--target <selector>', 'where the steps run that name no target: core-1, or tag:edge,site=ber')
  .option('--client <name>', 'for whom the run is')
  .option('--ref-num <text>', 'a reference of yours, e.g. a ticket')
  .action((job: string, options: RunOptions) => finish(runCommand(api(), job, options, say)));

program
  .command('exec <command...>')
  .description('run a command on all targets that a selector means, and print what each of them writes')
  .requiredOption('-t, --target <selector>', 'names and globs, tag:edge, tag:!lab, tag:ber|fra, kind:device, site=ber; with commas between')
  .option('--device', 'give it to network devices, at their own command line')
  .option('--max-parallel <count>', 'targets at a time')
  .option('--timeout <duration>', 'longest on one target, e.g. 5m')
  .action((words: readonly string[], options: ExecOptions) => finish(execCommand(api(), words, options, screen)));

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
  .action((run: string, step: string | undefined, options: { follow?: boolean }) =>
    finish(logsCommand(api(), run, step, options, (text) => void process.stdout.write(text))),
  );

program
  .command('cancel <run>')
  .description('ask a run to stop')
  .option('--reason <text>', 'kept with the run')
  .action((run: string, { reason }: { reason?: string }) => finish(cancelCommand(api(), run, reason, say)));

program
  .command('retry <run> [step]')
  .description('start the run anew; with a step, execute that step again in the waiting run')
  .option('--failed-targets', 'steps on several targets only where they have not completed')
  .action((run: string, step: string | undefined, options: { failedTargets?: boolean }) =>
    finish(retryCommand(api(), run, step, options, say)),
  );

addTargetCommands(program, { api, say, finish });
addKeyCommands(program, { api, say, finish });

program
  .command('login')
  .description('make a token for this machine and keep it')
  .option('--user <name>', 'who')
  .option('--token <token>', 'keep this token instead of asking for a password')
  .action((options: { user?: string; token?: string }) => finish(loginCommand(login().url, options, process.env, say)));

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
