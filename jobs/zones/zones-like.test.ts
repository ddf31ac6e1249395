import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { timezoneProblem } from '../timezone.ts';
import { ZONE_NAMES } from './names.ts';
import { zonesLike } from './zones-like.ts';

test.each([
  ['a slip in the name', 'Europe/Belin', ['Europe/Berlin']],
  ['a missing separator', 'America/NewYork', ['America/New_York']],
  ['another case', 'europe/berlin', ['Europe/Berlin']],
  ['a city alone', 'berlin', ['Europe/Berlin']],
  ['a city with a slip', 'Sidney', ['Australia/Sydney']],
  ['a city in words', 'new york', ['America/New_York']],
  ['a city with its accents', 'São Paulo', ['America/Sao_Paulo']],
  ['a city in the wrong place', 'Asia/Berlin', ['Europe/Berlin']],
  ['a city of two names', 'Indianapolis', ['America/Indiana/Indianapolis', 'America/Indianapolis']],
  ['an offset from UTC', 'UTC+2', ['Etc/GMT-2']],
  ['an offset alone', '-05:00', ['Etc/GMT+5']],
  ['no offset', '+00:00', ['UTC']],
  ['an offset that no zone of its own has', '+05:30', []],
  ['an abbreviation that several zones share', 'CST', []],
  ['an abbreviation of a season', 'cest', []],
  ['a letter', 'Z', []],
  ['nothing like it', 'Mars/Base', []],
  ['nothing', '', []],
  ['far too much', 'Europe/'.repeat(1000), []],
])('who writes %s (%j) is shown the zones that may be meant', (_, written, meant) => {
  expect(zonesLike(written.slice(0, 7000))).toEqual(meant);
});

test('the names are those of the shipped zone data, aliases too', () => {
  const data = zoneData();
  expect(ZONE_NAMES).toHaveLength(598);
  expect(ZONE_NAMES.filter((name) => data.zone(name)?.name !== name)).toEqual([]);
});

test.each(['Europe/Berlin', 'UTC', 'Asia/Calcutta', 'Etc/GMT-14'])('%s is a zone', (name) => {
  expect([...timezoneProblem('/timezone', name)]).toEqual([]);
});

test('a name that no zone has is refused, with what was meant', () => {
  const [problem, ...others] = [...timezoneProblem('/timezone', 'indianapolis')];
  expect(others).toEqual([]);
  expect(problem).toMatchObject({
    pointer: '/timezone',
    severity: 'error',
    value: 'indianapolis',
    message: 'timezone: "indianapolis" is not an IANA time zone; did you mean "America/Indiana/Indianapolis" or "America/Indianapolis"?',
  });
});

test.each(['europe/berlin', '__proto__', 'constructor', '../../etc/passwd', 'Europe/Berlin ', '+02:00'])('%j is no zone', (name) => {
  expect(zoneData().zone(name)).toBeNull();
  expect([...timezoneProblem('/timezone', name)]).toHaveLength(1);
});
