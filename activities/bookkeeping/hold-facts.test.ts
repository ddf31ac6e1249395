import { expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { createHoldFacts } from './hold-facts.ts';

const { resolveLocalTime } = createHoldFacts({ sql: null as unknown as Database['sql'] });

test('a local time is looked up in the zone data of the product', async () => {
  // Since 2026 Vancouver keeps its summer time; older data have this an hour later.
  expect(new Date(await resolveLocalTime({ local: '2027-01-15T08:00', timezone: 'America/Vancouver' })).toISOString()).toBe(
    '2027-01-15T15:00:00.000Z',
  );
});

test.each([
  ['a zone that there is not', '2027-01-15T08:00', 'America/Vancover', 'did you mean "America/Vancouver"?'],
  ['a time that there is not', '2027-02-30T08:00', 'America/Vancouver', '"2027-02-30T08:00" is not a time on the wall'],
])('%s ends the step, which is not tried again', async (_, local, timezone, message) => {
  await expect(resolveLocalTime({ local, timezone })).rejects.toMatchObject({
    type: 'invalid_input',
    nonRetryable: true,
    message: expect.stringContaining(message),
  });
});
