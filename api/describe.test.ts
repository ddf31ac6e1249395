import { expect, test } from 'vitest';
import { z } from 'zod';
import { zodProblems } from './describe.ts';

test('of several words with commas between, the one that is wrong is named', () => {
  const words = z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(['due', 'planned'])));
  const sent = { state: 'due,lost' };
  const [problem] = zodProblems(z.object({ state: words }).safeParse(sent).error, sent);
  expect(problem).toMatchObject({ pointer: '/state/1', message: expect.stringMatching(/^state\.1: "lost"; .*"due"\|"planned"/) });
});
