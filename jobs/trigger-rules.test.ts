import { expect, test } from 'vitest';
import { parseDefinition } from './definition.ts';
import { TEST_SPECS } from './specs.fixture.ts';

/** The problems of these triggers of a job that takes a site of three letters and, by default, no count. */
const said = (triggers: string): readonly string[] =>
  parseDefinition(
    `name: report
parameters: { site: { type: string, pattern: '^[a-z]{3}$' }, count: { type: integer, default: 0 }, key: { type: string, secret: true, default: '' } }
steps: [{ id: a, type: test.send }]
triggers: ${triggers}`,
    TEST_SPECS,
  )
    .problems.filter(({ pointer }) => pointer.startsWith('/triggers'))
    .map(({ pointer, message }) => `${pointer} ${message}`);

test.each([
  ['a value', '[{ job: backup, parameters: { site: ber } }]', []],
  [
    'expressions over the run that ended',
    '[{ job: backup, on: [failed], if: "source.outputs.ok && source.number > 1", parameters: { site: "${{ source.parameters.site }}" } }]',
    [],
  ],
  ['a join', '[{ job: [backup, copy], within: 2h, parameters: { site: "${{ sources.copy.outputs.site }}" } }]', []],
  [
    'itself',
    '[{ job: report, parameters: { site: ber } }]',
    ['/triggers/0/job triggers[0].job: a job cannot start itself; whoever wants it repeated gives it a schedule'],
  ],
  [
    'a window for one job',
    '[{ job: backup, within: 1h, parameters: { site: ber } }]',
    ['/triggers/0/within triggers[0].within: only a trigger on several jobs has a time within which they end'],
  ],
  [
    'a window longer than a month',
    '[{ job: [a, b], within: 31d, parameters: { site: ber } }]',
    ['/triggers/0/within triggers[0].within: "31d" is longer than 30 d'],
  ],
  [
    'a parameter there is not, and not the one it needs',
    '[{ job: backup, parameters: { sitte: ber } }]',
    [
      '/triggers/0/parameters triggers[0].parameters: "site" has no default, so a run that nobody starts by hand needs it here',
      '/triggers/0/parameters/sitte triggers[0].parameters.sitte: there is no parameter "sitte"; did you mean "site"?',
    ],
  ],
  [
    'a value that does not fit',
    '[{ job: backup, parameters: { site: ber, count: many } }]',
    ['/triggers/0/parameters/count triggers[0].parameters.count: "many" is not a whole number'],
  ],
  [
    'a secret',
    '[{ job: backup, parameters: { site: ber, key: abc } }]',
    ['/triggers/0/parameters/key triggers[0].parameters.key: is a secret, which nothing but a person hands to a run'],
  ],
  [
    'steps, which are another run’s',
    '[{ job: backup, if: steps.a.status, parameters: { site: ber } }]',
    ['/triggers/0/if triggers[0].if: there is no variable "steps"; expressions here see source, sources (column 1 of the text)'],
  ],
  [
    'a field that no run has',
    '[{ job: backup, if: source.state == "failed", parameters: { site: ber } }]',
    [
      '/triggers/0/if triggers[0].if: there is no field "state"; there is id, number, job, status, parameters, outputs, ended_at (column 8 of the text)',
    ],
  ],
  [
    'a condition with text around it',
    '[{ job: backup, if: "so: ${{ source.outputs.ok }}", parameters: { site: ber } }]',
    ['/triggers/0/if triggers[0].if: is not one expression; write ${{ source.outputs.changed }}'],
  ],
])('a trigger with %s', (_what, triggers, problems) => {
  expect(said(triggers)).toEqual(problems);
});
