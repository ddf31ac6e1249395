import type { QueryFunctionContext } from '@tanstack/solid-query';
import type { JsonObject } from '#jobs/json.ts';
import { getTagged, send } from '../../api/client.ts';
import { allPagesLive, wholePlaceQuery } from '../../api/read-live.ts';
import { showsOf } from '../../live/places.ts';

export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type RoleName = (typeof ROLES)[number];

export interface UserView {
  readonly name: string;
  readonly display_name: string | null;
  readonly role: RoleName;
  readonly groups: readonly string[];
  readonly active: boolean;
  readonly last_login_at: string | null;
}

export interface GroupView {
  readonly name: string;
  readonly description: string | null;
  readonly role: RoleName | null;
  readonly members: readonly string[];
}

export interface TokenView {
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly prefix: string;
  readonly role: RoleName;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}

export const usersQuery = (text: string) => wholePlaceQuery<UserView>('users', text);
export const groupsQuery = (text: string) => wholePlaceQuery<GroupView>('groups', text);
export const tokensQuery = (all: boolean) => ({
  queryKey: ['tokens', all] as const,
  queryFn: (asking: QueryFunctionContext) => allPagesLive<TokenView>(`/tokens?all=${all}`, 'tokens', asking),
  meta: showsOf('tokens'),
});

/** A user or a group with the tag of the state it is in. */
export interface Tagged<T> {
  readonly value: T;
  readonly tag: string | null;
}

const pathOf = (kind: 'users' | 'groups', name: string): string => `/${kind}/${encodeURIComponent(name)}`;

/** One of them as it is now, to be changed from there. */
export const readPerson = <T>(kind: 'users' | 'groups', name: string): Promise<Tagged<T>> => getTagged<T>(pathOf(kind, name));

/** Makes a user or a group, or replaces what is set of one that is still in the state it was read in. */
export const savePerson = (
  kind: 'users' | 'groups',
  name: string | null,
  content: JsonObject,
  tag: string | null,
  key: string,
): Promise<void> =>
  name === null ? send<void>('POST', `/${kind}`, content, key) : send<void>('PUT', pathOf(kind, name), content, key, { ifMatch: tag });

export const deleteGroup = (name: string, key: string): Promise<void> =>
  send<void>('DELETE', `/groups/${encodeURIComponent(name)}`, undefined, key);

/** Makes a token; the answer is the only place that has it. */
export const makeToken = (content: JsonObject, key: string): Promise<TokenView & { readonly token: string }> =>
  send<TokenView & { readonly token: string }>('POST', '/tokens', content, key);

export const revokeToken = (id: string, key: string): Promise<void> => send<void>('DELETE', `/tokens/${id}`, undefined, key);
