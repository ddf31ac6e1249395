import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { STEP_SPECS } from '#activities/catalog.ts';
import { parseDefinition } from '#jobs/definition.ts';
import { readSchedule } from '#jobs/schedules/read-schedule.ts';
import { scheduleSchema } from '#jobs/schedules/schema.ts';
import { jobSchema } from '#jobs/schema.ts';
import { JOB_TEMPLATES } from '#jobs/templates/templates.ts';
import { zoneData } from '#platform/zone-data.ts';

const validator = () => new Ajv2020({ strict: false }).addFormat('regex', true);
const accepts = validator().compile(jobSchema(STEP_SPECS));
const acceptsSchedule = validator().compile(scheduleSchema());

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const below = (folder: string, ending: string): readonly string[] =>
  readdirSync(new URL(`../${folder}/`, import.meta.url))
    .filter((file) => file.endsWith(ending))
    .map((file) => `${folder}/${file}`);

const blocks = ['README.md', ...below('docs', '.md')].flatMap((file) =>
  [...read(file).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ''], at) => [`${file}, block ${at + 1}`, text] as const),
);
/** Definitions that people are shown: whole ones, and lists of steps, which a job is put around. */
const shown = blocks.filter(([, text]) => !isSchedule(text)).map(([where, text]) => [where, asJob(text)] as const);
/** Schedules, whole or only what says when. */
const schedules = blocks
  .filter(([, text]) => isSchedule(text))
  .map(([where, text]) => [where, /^job:/m.test(text) ? text : `name: shown\njob: shown\n${text}`] as const);
const kept = below('examples', '.yaml')
  .map((file) => [file, read(file)] as const)
  .filter(([, text]) => /^steps:/m.test(text));
const templates = JOB_TEMPLATES.map(({ name, source }) => [`template ${name}`, source] as const);

function isSchedule(text: string): boolean {
  return /^(cron|calendar|every|every_days|scheduled_for):/m.test(text);
}

function asJob(text: string): string {
  if (/^name:/m.test(text)) return text;
  if (/^steps:/m.test(text)) return `name: shown\n${text}`;
  return /^\s*- (\{ )?id:/m.test(text) ? `name: shown\nsteps:\n${text.replace(/^/gm, '  ')}` : '';
}

test('there are definitions in the docs, the examples and the templates', () => {
  expect(shown.length).toBeGreaterThan(8);
  expect(kept.length).toBeGreaterThan(1);
  expect(templates.length).toBeGreaterThanOrEqual(8);
});

test.each([...shown, ...kept, ...templates])('%s is a definition, for another validator too', (_, text) => {
  expect(text).not.toBe('');
  const errors = parseDefinition(text, STEP_SPECS).problems.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  const valid = accepts(parse(text));
  expect([valid, valid ? null : accepts.errors?.at(-1)]).toEqual([true, null]);
});

test.each(schedules)('%s is a schedule, for another validator too', (_, text) => {
  const { definition } = readSchedule(text, zoneData(), Date.parse('2026-11-22T00:00:00Z'));
  expect([acceptsSchedule(definition), acceptsSchedule.errors]).toEqual([true, null]);
});
