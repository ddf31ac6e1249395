import type { QueryFunctionContext } from '@tanstack/solid-query';
import type { JsonObject, JsonSchema } from '#jobs/json.ts';
import { get, getTagged, send } from '../../api/client.ts';
import { readLiveTagged } from '../../api/read-live.ts';
import type { Page, Target } from '../../api/views.ts';
import { showsOf } from '../../live/places.ts';
import type { ChangedTargets, Check, ChecksReport, Scan, TaggedTarget } from './views.ts';

const pathOf = (name: string): string => `/targets/${encodeURIComponent(name)}`;

/** A target as it is now, with the tag that a change of it must name. */
export const readTarget = (name: string, signal?: AbortSignal): Promise<TaggedTarget> => getTagged<Target>(pathOf(name), signal);

/** The same, kept for as long as it is looked at. */
export const targetQuery = (name: string) => ({
  queryKey: ['target', name] as const,
  queryFn: (asking: QueryFunctionContext): Promise<TaggedTarget> => readLiveTagged<Target>(pathOf(name), 'targets', asking),
  meta: showsOf('targets'),
});

/** What a target may say, as a JSON Schema. */
export const targetSchemaQuery = () => ({
  queryKey: ['schema', 'target'] as const,
  queryFn: ({ signal }: QueryFunctionContext) => get<JsonSchema>('/schema/target.json', signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const checksQuery = (name: string) => ({
  queryKey: ['checks', name] as const,
  queryFn: async ({ signal }: QueryFunctionContext) => (await get<Page<Check>>(`${pathOf(name)}/checks?limit=20`, signal)).items,
});

/** Looks at targets now; what takes more than ten seconds is named as pending. A second look does no harm, and needs no key. */
export const testTargets = (names: readonly string[]): Promise<ChecksReport> =>
  names.length === 1
    ? send<ChecksReport>('POST', `${pathOf(names[0] ?? '')}/check`)
    : send<ChecksReport>('POST', '/targets/check', { target: names });

/** Asks a host for its keys; pins those accepted by fingerprint. */
export const scanTarget = (name: string, accept: readonly string[], key?: string): Promise<Scan> =>
  send<Scan>('POST', `${pathOf(name)}/scan`, { accept }, key);

export const createTarget = (content: JsonObject, key: string): Promise<Target> => send<Target>('POST', '/targets', content, key);

/** Replaces what a target says, if it is still in the state of the tag. */
export const replaceTarget = (name: string, content: JsonObject, ifMatch: string | null, key: string): Promise<Target> =>
  send<Target>('PUT', pathOf(name), content, key, { ifMatch });

/** One thing that is set on many targets. */
export interface TargetsChange {
  readonly enabled?: boolean;
  readonly add_tag?: string;
  readonly remove_tag?: string;
}

/** What a change of many targets would do. */
export const changePreviewQuery = (names: readonly string[], change: TargetsChange) => ({
  queryKey: ['targets-change', names, change] as const,
  queryFn: () => send<ChangedTargets>('POST', '/targets/change', { targets: names, ...change, dry_run: true }),
  gcTime: 0,
});

export const changeTargets = (names: readonly string[], change: TargetsChange, key: string): Promise<ChangedTargets> =>
  send<ChangedTargets>('POST', '/targets/change', { targets: names, ...change }, key);

export const deleteTarget = (name: string, key: string): Promise<void> => send<void>('DELETE', pathOf(name), undefined, key);
