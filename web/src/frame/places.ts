import CalendarClock from 'lucide-solid/icons/calendar-clock';
import CalendarDays from 'lucide-solid/icons/calendar-days';
import House from 'lucide-solid/icons/house';
import KeyRound from 'lucide-solid/icons/key-round';
import Layers from 'lucide-solid/icons/layers';
import Play from 'lucide-solid/icons/play';
import Server from 'lucide-solid/icons/server';
import Settings from 'lucide-solid/icons/settings';
import Workflow from 'lucide-solid/icons/workflow';
import type { t } from '../words.ts';

type PlaceWord = Extract<Parameters<typeof t>[0], `nav.${string}`>;

/** A page one can go to, and the permission it needs. */
export interface Place {
  readonly href: string;
  readonly word: PlaceWord;
  readonly needs: string;
  /** Two keys in a row that lead there. */
  readonly key: string | null;
}

/** The places that the rail names, in its order; the others are reached from System and the palette. */
export const RAIL = [
  { href: '/', word: 'nav.overview', icon: House, needs: 'run:read', key: 'g o' },
  { href: '/runs', word: 'nav.runs', icon: Play, needs: 'run:read', key: 'g r' },
  { href: '/jobs', word: 'nav.jobs', icon: Workflow, needs: 'job:read', key: 'g j' },
  { href: '/schedules', word: 'nav.schedules', icon: CalendarClock, needs: 'schedule:read', key: 'g s' },
  { href: '/queues', word: 'nav.queues', icon: Layers, needs: 'worker:read', key: 'g q' },
  { href: '/targets', word: 'nav.targets', icon: Server, needs: 'target:read', key: 'g t' },
  { href: '/credentials', word: 'nav.credentials', icon: KeyRound, needs: 'credential:read', key: null },
  { href: '/calendars', word: 'nav.calendars', icon: CalendarDays, needs: 'calendar:read', key: null },
  { href: '/system', word: 'nav.system', icon: Settings, needs: 'worker:read', key: null },
] as const satisfies readonly (Place & { readonly icon: unknown })[];

/** The places that are reached from System and the palette. */
export const BEYOND = [
  { href: '/templates', word: 'nav.templates', needs: 'job:read', key: null },
  { href: '/compare', word: 'nav.compare', needs: 'run:read', key: null },
  { href: '/workers', word: 'nav.workers', needs: 'worker:read', key: null },
  { href: '/locks', word: 'nav.locks', needs: 'run:read', key: null },
  { href: '/users', word: 'nav.users', needs: 'user:read', key: null },
  { href: '/groups', word: 'nav.groups', needs: 'user:read', key: null },
  { href: '/tokens', word: 'nav.tokens', needs: 'token:own', key: null },
  { href: '/reference', word: 'nav.reference', needs: 'account:own', key: null },
  { href: '/me', word: 'nav.me', needs: 'account:own', key: null },
] as const satisfies readonly Place[];
