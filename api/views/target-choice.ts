import { z } from 'zod';
import { globProblem, isGlob } from '#jobs/glob.ts';
import { TARGET_KINDS } from '#jobs/step.ts';
import type { TargetChoice } from '#jobs/target-choice.ts';
import { json } from './json.ts';

const nameOrGlob = z
  .string()
  .min(1)
  .max(200)
  .superRefine((text, c) => {
    const problem = isGlob(text) ? globProblem(text) : null;
    if (problem) c.addIssue({ code: 'custom', message: problem });
  });
const tags = z.array(z.string().min(1).max(50)).max(50);

/** Which targets: a name or glob, several, or what they must have in common; other fields are attributes that must be equal. */
export const TargetChoiceContent = z
  .union([
    nameOrGlob,
    z.array(nameOrGlob).min(1).max(10_000),
    z
      .object({
        names: z.array(nameOrGlob).min(1).max(10_000).optional(),
        kind: z.enum(TARGET_KINDS).optional(),
        tags: tags.optional(),
        any_tags: tags.optional(),
        not_tags: tags.optional(),
        allow_empty: z.boolean().optional(),
      })
      .catchall(json),
  ])
  .transform((choice) => choice as TargetChoice)
  .meta({
    description: 'a name or glob, a list of them, or a selector: names, kind, tags, any_tags, not_tags; other fields are attributes',
  });

/** A question about the targets that a choice stands for. */
export const ChosenBy = z.strictObject({ target: TargetChoiceContent });

/** The targets that a choice stands for, by name; those switched off would be left out. */
export const TargetsChosen = z
  .object({ items: z.array(z.object({ name: z.string(), enabled: z.boolean() })) })
  .meta({ id: 'TargetsChosen' });
