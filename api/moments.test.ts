import { expect, test } from 'vitest';
import { InvalidInput } from '#jobs/problem.ts';
import type { Zone } from '#jobs/zones/zone.ts';
import { zoneData } from '#platform/zone-data.ts';
import { readMoment } from './moments.ts';

const berlin = zoneData().zone('Europe/Berlin') as Zone;

test.each([
  ['2027-01-31T22:00:00Z', '2027-01-31T22:00:00.000Z'],
  ['2027-01-31T23:00:00.123456+01:00', '2027-01-31T22:00:00.123Z'],
  ['2027-01-31T23:00', '2027-01-31T22:00:00.000Z'],
  ['2027-01-31', '2027-01-30T23:00:00.000Z'],
])('%s is a moment', (text, moment) => {
  expect(new Date(readMoment(text, berlin, '/from')).toISOString()).toBe(moment);
});

test.each([
  ['2027-02-31T00:00:00Z', 'not a moment with its offset'],
  ['2027-02-31', 'not a time on the wall'],
  ['1 Z', 'not a time on the wall'],
  ['+275760-09-13T00:00:00Z', 'not a moment with its offset'],
  ['-271821-04-20T00:00:00Z', 'not a moment with its offset'],
  ['9999-12-31T23:59:59Z', 'not within the years 1900 to 9899'],
  ['1700-01-01', 'not within the years 1900 to 9899'],
])('%s is none, or none that anybody reckons with', (text, message) => {
  expect(() => readMoment(text, berlin, '/from')).toThrow(InvalidInput);
  expect(() => readMoment(text, berlin, '/from')).toThrow(message);
});
