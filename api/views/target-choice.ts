import { z } from 'zod';
import { SentTarget } from '../runs/start-target.ts';

/** A question about the targets that a choice stands for. */
export const ChosenBy = z.strictObject({ target: SentTarget });

/** The targets that a choice stands for, by name; those switched off would be left out. */
export const TargetsChosen = z
  .object({ items: z.array(z.object({ name: z.string(), enabled: z.boolean() })) })
  .meta({ id: 'TargetsChosen' });
