import type { QueryFunctionContext } from '@tanstack/solid-query';
import type { JsonObject } from '#jobs/json.ts';
import { getTagged, send } from '../../api/client.ts';
import { readLiveTagged } from '../../api/read-live.ts';
import type { CredentialView } from '../../api/views.ts';
import { showsOf } from '../../live/places.ts';

const pathOf = (name: string): string => `/credentials/${encodeURIComponent(name)}`;

/** A credential without its secret, with the tag of the state it is in. */
export interface TaggedCredential {
  readonly value: CredentialView;
  readonly tag: string | null;
}

/** A credential as it is now. */
export const readCredential = (name: string, signal?: AbortSignal): Promise<TaggedCredential> =>
  getTagged<CredentialView>(pathOf(name), signal);

/** The same, kept for as long as it is looked at. */
export const credentialQuery = (name: string) => ({
  queryKey: ['credential', name] as const,
  queryFn: (asking: QueryFunctionContext): Promise<TaggedCredential> => readLiveTagged<CredentialView>(pathOf(name), 'credentials', asking),
  meta: showsOf('credentials'),
});

export const createCredential = (content: JsonObject, key: string): Promise<CredentialView> =>
  send<CredentialView>('POST', '/credentials', content, key);

/** Puts a new secret in place of the old one, if nobody else has meanwhile. */
export const replaceCredential = (name: string, content: JsonObject, ifMatch: string | null, key: string): Promise<CredentialView> =>
  send<CredentialView>('PUT', pathOf(name), content, key, { ifMatch });

export const deleteCredential = (name: string, key: string): Promise<void> => send<void>('DELETE', pathOf(name), undefined, key);
