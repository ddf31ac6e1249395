import { z } from 'zod';
import { LOG_CLASSES } from '#platform/log-files/classes.ts';
import { instant, pageOf } from './json.ts';

export const LogFileView = z
  .object({
    name: z.string().meta({ description: 'its place below `logging.dir`' }),
    class: z.enum(LOG_CLASSES),
    bytes: z.number(),
    packed: z.boolean().meta({ description: 'by gzip' }),
    modified_at: instant,
    date: z.string().nullable().meta({ description: 'the day it is about, by the calendar of its zone' }),
    zone: z.string().nullable().meta({ description: 'its zone, `/` written `_`' }),
    run: z.string().nullable(),
  })
  .meta({ id: 'LogFile' });

export const LogFilePage = pageOf(LogFileView).extend({
  dir: z.string().nullable().meta({ description: '`logging.dir` of the API that answers; null: it has none' }),
  writer: z
    .object({
      worker: z.string().nullable(),
      host: z.string().nullable(),
      dir: z.string().nullable(),
      written_at: instant.nullable(),
      problem: z.string().nullable().meta({ description: 'why nothing is written; it is made up for later' }),
      problem_since: instant.nullable(),
    })
    .nullable()
    .meta({ description: 'the worker that writes what happens to runs; null while none ever did' }),
});

export const CleanupView = z
  .object({
    dry_run: z.boolean(),
    files: z.array(
      LogFileView.extend({
        reason: z.enum(['age', 'size']).meta({ description: 'older than its class is kept, or too much of the class' }),
      }),
    ),
    bytes: z.number(),
    failed: z.array(z.object({ name: z.string(), why: z.string() })),
  })
  .meta({ id: 'LogFilesCleanup' });
