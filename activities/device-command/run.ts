import { parseDuration } from '#jobs/duration.ts';
import { stepFailure } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import { patternOf } from '#jobs/pattern.ts';
import type { ConfigOf } from '#jobs/step.ts';
import type { Run, StepContext } from '../contract.ts';
import { type Device, openDevice } from '../transports/device/device.ts';
import type { Driver } from '../transports/device/driver.ts';
import { driverOf } from '../transports/device/driver-of.ts';
import type { Question } from '../transports/device/questions.ts';
import { configure, save } from './configure.ts';
import { brokenOff, Dialogue } from './dialogue.ts';
import { parserOf } from './parser.ts';
import type { deviceCommand } from './spec.ts';

type Config = ConfigOf<typeof deviceCommand>;

/** Longest wait for a device's first prompt, and for a change of its mode. */
const LOGIN_MS = 30_000;

/** Logs in to the device's command line, gives it the commands or lines one by one, and leaves it as it was found: out of its configuration, logged out. */
export const runDeviceCommand: Run<typeof deviceCommand> = async (config, step) => {
  const { target } = step;
  if (target === null) throw stepFailure('internal', 'device.command was given no target');
  const { type, driver } = driverOf(target);
  refuseSenseless(config, driver);
  const limitMs = parseDuration(config.timeout ?? '30s');
  const lines = linesOf(config.config_lines ?? [], step);
  const questions = questionsOf(config.expect ?? [], step);
  const parse = parserOf(config.parse ?? false, type, step);

  const session = await step.ssh();
  const device = await openDevice(session, {
    driver,
    questions,
    target: target.name,
    user: session.peer.user,
    linePassword: target.line_password,
    enableSecret: target.enable_secret,
    loginLimitMs: target.timeout_seconds === null ? LOGIN_MS : target.timeout_seconds * 1000,
    signal: step.signal,
  });
  const dialogue = new Dialogue(step, device, parse, (config.commands ?? lines).length + 1);
  try {
    await step.log.line('debug', `${target.name} is at its prompt ${device.prompt.text.trimEnd()} (${driver.title})`);
    if (config.enable) await during('enable', device, step, () => device.enter('enable'));
    for (const command of driver.open) await during(command, device, step, () => device.run(command, { limitMs }));

    const outcome =
      config.commands === undefined
        ? await during('the way to its configuration', device, step, () =>
            configure(device, dialogue, {
              target: target.name,
              driver,
              lines,
              commit: config.commit ?? true,
              save: config.save ?? false,
              stopOnError: config.stop_on_error ?? true,
              limitMs,
              signal: step.signal,
            }),
          )
        : {
            committed: false,
            refused: await giveAll(config.commands, config.stop_on_error ?? true, device, dialogue, step, limitMs),
          };
    if (config.save && config.commands)
      await during('save', device, step, () => save(device, dialogue, { target: target.name, driver, limitMs }));
    return { exit_code: outcome.refused ? 1 : 0, committed: outcome.committed, saved: config.save ?? false, commands: dialogue.said };
  } finally {
    session.count({ commands: dialogue.count });
    await device.close();
  }
};

async function giveAll(
  commands: readonly string[],
  stopOnError: boolean,
  device: Device,
  dialogue: Dialogue,
  step: StepContext,
  limitMs: number,
): Promise<boolean> {
  const target = step.target?.name ?? '';
  let refused = false;
  for (const command of commands) {
    const { failure } = await during(command, device, step, () => dialogue.give(command, limitMs));
    if (failure === null) continue;
    if (stopOnError) {
      const said = step.masked(failure);
      throw stepFailure('exit_code', `${dialogue.shown(command)} on ${target}: ${said.slice(0, 1000)}`, {
        exit_code: 1,
        target,
        command,
        error: said.slice(0, 4000),
      });
    }
    refused = true;
  }
  return refused;
}

const during = async <T>(command: string, device: Device, step: StepContext, does: () => Promise<T>): Promise<T> => {
  try {
    return await does();
  } catch (error) {
    throw brokenOff(error, step.target?.name ?? '', command, device, step);
  }
};

/** What the platform cannot do is said before anything is sent. */
function refuseSenseless({ commands, commit, save: toSave }: Config, { title, configuring }: Driver): void {
  if (commit !== undefined && commands !== undefined) {
    throw stepFailure('invalid_input', 'config.commit: only config_lines are committed, and this step gives commands');
  }
  if (commit === false && configuring.commit === undefined) {
    throw stepFailure('invalid_input', `config.commit: lines take effect at once on ${title}, so nothing could be discarded; leave it out`);
  }
  if (toSave && configuring.save === undefined) {
    const why = configuring.commit === undefined ? 'keeps what is configured by itself' : 'saves with the commit';
    throw stepFailure('invalid_input', `config.save: ${title} ${why}; leave it out`);
  }
}

function secretOf(name: string, step: StepContext, place: string): string {
  const value = step.secrets.get(name);
  if (value === undefined) {
    throw stepFailure('invalid_input', `${place}: the step binds no secret ${name}; write secrets: { ${name}: credential.field }`);
  }
  if (/[\r\n\0]/.test(value)) throw stepFailure('invalid_input', `${place}: the secret ${name} is not one line`);
  return value;
}

/** Lines as they are typed, their secrets in place. */
const linesOf = (given: readonly Json[], step: StepContext): readonly string[] =>
  given.map((entry, at) => {
    if (typeof entry === 'string') return entry;
    const { line, secret } = entry as { readonly line: string; readonly secret: string };
    return `${line} ${secretOf(secret, step, `config.config_lines[${at}].secret`)}`;
  });

const questionsOf = (expected: NonNullable<Config['expect']>, step: StepContext): readonly Question[] =>
  expected.map(({ question, pattern, answer, secret, closes }, at) => {
    const compiled = pattern === undefined ? null : patternOf(pattern);
    return {
      matches: (line) =>
        compiled === null ? question !== undefined && line.includes(question) : line.length <= 2000 && compiled.test(line),
      send: secret === undefined ? (answer ?? '') : secretOf(secret, step, `config.expect[${at}].secret`),
      closes: closes ?? false,
      ...(secret !== undefined && { onlyOnce: () => stepFailure('auth', `the device asks again for what the secret ${secret} answered`) }),
    };
  });
