import { z } from 'zod';
import { ZONE_NAMES } from '#jobs/zones/names.ts';

const MOST_LISTS = 30;
const MOST_COLUMNS = 60;
const MOST_MARKS = 200;

const Id = z.string().regex(/^[a-z0-9][a-z0-9._:-]{0,59}$/i, 'expected letters, digits, ".", "_", ":" or "-", at most 60');

const zones: ReadonlySet<string> = new Set(ZONE_NAMES);

/** What a person prefers about the page; what is absent they have not chosen. */
export const Preferences = z
  .strictObject({
    theme: z.enum(['system', 'light', 'dark']).optional(),
    density: z.enum(['comfortable', 'compact', 'dense']).optional(),
    zone: z
      .string()
      .refine((name) => zones.has(name), 'expected an IANA time zone such as Europe/Berlin')
      .nullable()
      .optional()
      .meta({ description: 'the time zone that times are shown in; null: the browser’s' }),
    run_tab: z.enum(['timeline', 'graph', 'hosts', 'log', 'outputs', 'events']).optional(),
    single_keys: z.boolean().optional().meta({ description: 'single keys do something' }),
    columns: z
      .record(Id, z.array(z.strictObject({ id: Id, width: z.number().int().min(24).max(4000).nullable() })).max(MOST_COLUMNS))
      .refine((lists) => Object.keys(lists).length <= MOST_LISTS, `expected at most ${MOST_LISTS} lists`)
      .optional()
      .meta({ description: 'by list: its columns in their order' }),
    dismissed: z.array(Id).max(MOST_MARKS).optional().meta({ description: 'hints that were closed' }),
    folded: z.array(Id).max(MOST_MARKS).optional().meta({ description: 'panels that were folded away' }),
  })
  .meta({ id: 'Preferences' });

type Chosen = z.output<typeof Preferences>;

/** What was stored, without the parts that this release would refuse. */
export const soundPreferences = (stored: unknown): Chosen => {
  const parts = typeof stored === 'object' && stored !== null ? Object.entries(stored) : [];
  return Object.assign({}, ...parts.map(([name, value]) => Preferences.safeParse({ [name]: value }).data ?? {}));
};
