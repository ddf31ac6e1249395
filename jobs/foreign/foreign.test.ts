import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import { validateDefinition } from '../definition.ts';
import type { Json, JsonObject } from '../json.ts';
import { fromConfigStyle } from './config-style.ts';
import { type Converted, NotThatForm } from './conversion.ts';
import { convert } from './read-foreign.ts';
import { fromStepTypeStyle } from './step-type-style.ts';

const sample = (name: string): Json => JSON.parse(readFileSync(new URL(`samples/${name}.json`, import.meta.url), 'utf8'));
const errorsOf = ({ definition }: Converted) =>
  validateDefinition(definition, STEP_SPECS).problems.filter(({ severity }) => severity === 'error');
const notesOf = ({ notes }: Converted) => notes.map(({ kind, pointer, message }) => `${kind} ${pointer}: ${message}`);
const stepsOf = ({ definition }: Converted) => definition.steps as readonly JsonObject[];

describe('the config style', () => {
  const converted = fromConfigStyle(sample('config-style'), STEP_SPECS);

  test('its sample becomes a definition that can be saved, less the steps whose type is not known', () => {
    expect(errorsOf(converted)).toEqual([]);
    expect(converted.leftOut).toEqual(['Read system facts', 'Restart']);
    expect(stepsOf(converted)).toEqual([
      { id: 'disk-on-the-jump-host', name: 'Disk on the jump host', type: 'ssh.exec', config: { command: 'df -h' }, timeout: '300s' },
      {
        id: 'send-report',
        name: 'Send report',
        type: 'sftp.upload',
        config: {
          local_path: 'report.txt',
          remote_path: '${{ parameters.report_dir }}/report.txt',
          create_directories: true,
          preserve_permissions: true,
        },
      },
      { id: 'mirror', name: 'Mirror', type: 'sftp.sync', config: { local_path: 'out', remote_path: '/srv/out', direction: 'up' } },
    ]);
  });

  test('everything that is another way here is reported with its place', () => {
    expect(notesOf(converted)).toEqual([
      'renamed /name: Nightly patch check is called nightly-patch-check here',
      'unmapped /steps/0/type: there is no step type winrm.exec here; the step was left out',
      'unmapped /steps/1/type: there is no step type winrm.exec here; the step was left out',
      'renamed /steps/2/name: Disk on the jump host is called disk-on-the-jump-host here',
      'rewritten /steps/2/config/timeout: "300" became "timeout: 300s"',
      'renamed /steps/3/name: Send report is called send-report here',
      'rewritten /steps/3/config/remote_path: "${{parameters.report_dir}}/report.txt" became "${{ parameters.report_dir }}/report.txt"',
      'renamed /steps/4/name: Mirror is called mirror here',
      'unmapped /steps/4/config/recursive: recursive goes without saying here; it was left out',
      'rewritten /steps/4/config/direction: "upload" became "up"',
    ]);
    expect(converted.definition).toMatchObject({ name: 'nightly-patch-check', title: 'Nightly patch check' });
  });

  const pasted = (command: string) => {
    const parameters = { path: { type: 'string' }, count: { type: 'integer' }, site: { type: 'string', enum: ['ber', 'fra'] } };
    const job = { name: 'pasted', parameters, steps: [{ name: 'a', type: 'ssh.exec', config: { command } }] };
    const made = fromConfigStyle(job, STEP_SPECS);
    expect(errorsOf(made)).toEqual([]);
    return stepsOf(made)[0]?.config;
  };

  test.each([
    ['ls ${{parameters.path}}', 'ls "${PARAM_PATH}"'],
    ['ls "a b/${{ parameters.path }}/c"', 'ls "a b/${PARAM_PATH}/c"'],
    ["echo 'in ${{parameters.path}} it'", `echo 'in '"\${PARAM_PATH}"' it'`],
    ["echo it\\'s ${{parameters.path}}", 'echo it\\\'s "${PARAM_PATH}"'],
  ])('%s binds what it pasted: %s', (given, command) => {
    expect(pasted(given)).toEqual({ command, environment: { PARAM_PATH: '${{ parameters.path }}' } });
  });

  test('two parameters whose variables would be called the same are bound apart, and a variable that is there stays', () => {
    const parameters = { 'a-b': { type: 'string' }, a_b: { type: 'string' } };
    const config = { command: 'echo ${{parameters.a-b}} ${{parameters.a_b}} ${{parameters.a-b}}', environment: { PARAM_A_B: 'mine' } };
    const made = fromConfigStyle({ name: 'alike', parameters, steps: [{ name: 'a', type: 'ssh.exec', config }] }, STEP_SPECS);
    expect(stepsOf(made)[0]?.config).toEqual({
      command: 'echo "${PARAM_A_B_2}" "${PARAM_A_B_3}" "${PARAM_A_B_2}"',
      environment: { PARAM_A_B: 'mine', PARAM_A_B_2: '${{ parameters["a-b"] }}', PARAM_A_B_3: '${{ parameters.a_b }}' },
    });
  });

  test('numbers and plain words of an enum may stand in a command, and are not bound', () => {
    expect(pasted('head -n ${{parameters.count}} /srv/${{parameters.site}}')).toEqual({
      command: 'head -n ${{ parameters.count }} /srv/${{ parameters.site }}',
    });
  });

  test('what is pasted and means nothing is reported, and refused by the definition', () => {
    const job = { name: 'odd', steps: [{ name: 'a', type: 'local.exec', config: { command: 'echo ${{steps.x}}' } }] };
    const made = fromConfigStyle(job, STEP_SPECS);
    expect(notesOf(made)).toContain('unmapped /steps/0/config/command: ${{steps.x}} means nothing here; it was left as it is');
    expect(errorsOf(made).map(({ pointer }) => pointer)).toContain('/steps/0/config/command');
  });

  test('two steps of one name, names without a letter, unknown fields and odd timeouts are all told', () => {
    const step = { name: 'Ünïcode', type: 'local.exec', retries: 3, config: { command: 'true', timeout: 'soon' } };
    const made = fromConfigStyle({ name: '???', owner: 'me', steps: [step, step] }, STEP_SPECS);
    expect(made.definition.name).toBe('job');
    expect(stepsOf(made).map(({ id }) => id)).toEqual(['unicode', 'unicode-2']);
    expect(notesOf(made)).toEqual(
      expect.arrayContaining([
        'unmapped /owner: there is no owner here; it was left out',
        'unmapped /steps/0/retries: there is no retries here; it was left out',
        'unmapped /steps/1/config/timeout: "soon" is no number of seconds; the timeout was left out',
      ]),
    );
  });
});

describe('the step_type style', () => {
  const converted = fromStepTypeStyle(sample('step-type-style'), STEP_SPECS);

  test('its sample becomes a definition that can be saved, less the steps whose type is not known', () => {
    expect(errorsOf(converted)).toEqual([]);
    expect(converted.leftOut).toEqual(['count', 'shape', 'pipeline']);
    expect(converted.definition).toEqual({
      name: 'morning-figures',
      title: 'Morning figures',
      description: 'SQL, then PowerShell, then HTTP',
      timezone: 'America/New_York',
      priority: 5,
      steps: [
        {
          id: 'post',
          name: 'Post it',
          type: 'http.request',
          config: { method: 'POST', url: 'https://reports.example/api/orders', headers: { 'content-type': 'application/json' } },
          retry: { attempts: 3 },
          continue_on_failure: true,
        },
      ],
    });
  });

  test('a connection becomes the target, what is pasted from a step becomes bound, needs follow the new names', () => {
    const made = fromStepTypeStyle(
      {
        job_name: 'chain',
        steps: [
          { step_id: 'First One', step_type: 'ssh', timeout: '60', config: { command: 'uptime', connection_name: 'edge-1' } },
          { step_id: 'gone', step_type: 'sql', depends_on: ['First One'], config: { query: 'select 1' } },
          {
            step_id: 'last',
            step_type: 'shell',
            depends_on: ['gone', 'First One'],
            config: { command: 'echo {{ First One.x }} {{ First.stdout }}' },
          },
          { step_id: 'end', step_type: 'shell', config: { command: 'echo {{ last.stdout }}' } },
          { step_id: 'odd', step_type: 'toString' },
          { step_id: 'after', step_type: 'shell', depends_on: ['odd'], config: { command: 'date' } },
        ],
      },
      STEP_SPECS,
    );
    expect(stepsOf(made)).toEqual([
      { id: 'first-one', type: 'ssh.exec', target: 'edge-1', config: { command: 'uptime' }, timeout: '60s' },
      { id: 'last', type: 'local.exec', needs: ['first-one'], config: { command: 'echo {{ First One.x }} {{ First.stdout }}' } },
      {
        id: 'end',
        type: 'local.exec',
        config: { command: 'echo "${PARAM_LAST_STDOUT}"', environment: { PARAM_LAST_STDOUT: '${{ steps.last.outputs.stdout }}' } },
      },
      { id: 'after', type: 'local.exec', needs: ['end'], config: { command: 'date' } },
    ]);
    expect(errorsOf(made)).toEqual([]);
  });
});

test.each([[null], [[]], [{ name: 'x' }], [{ job_name: 'x', steps: [1] }], [{ name: 'x', steps: [{}] }]])('%j is neither', (given) => {
  expect(() => fromConfigStyle(given as Json, STEP_SPECS)).toThrow(NotThatForm);
  expect(() => fromStepTypeStyle(given as Json, STEP_SPECS)).toThrow(NotThatForm);
});

test('more steps than a definition may have are refused before they are converted', () => {
  const steps = Array.from({ length: 100_000 }, () => ({ type: 'ssh.exec', step_type: 'ssh' }));
  expect(() => fromConfigStyle({ name: 'long', steps }, STEP_SPECS)).toThrow('at most 500');
  expect(() => fromStepTypeStyle({ job_name: 'long', steps }, STEP_SPECS)).toThrow('at most 500');
});

test('what is nested too deep is refused before it is converted', () => {
  const deep = Array.from({ length: 100_000 }).reduce<Json>((inner) => [inner], 1);
  const given = { name: 'deep', steps: [{ type: 'ssh.exec', config: { command: 'date', deep } }] };
  expect(() => convert('config-style', given, STEP_SPECS, 'refuse')).toThrow('nested more than 32 levels deep');
});
