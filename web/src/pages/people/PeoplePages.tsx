import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import type { JsonObject } from '#jobs/json.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { Empty } from '../../components/Empty.tsx';
import { SearchedList } from '../../components/searched/SearchedList.tsx';
import { useSearched } from '../../components/searched/use-searched.ts';
import { type Column, Table } from '../../components/Table.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { toast } from '../../components/Toasts.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { t as common } from '../../words.ts';
import { type Filled, FormDialog } from './FormDialog.tsx';
import { groupForm, groupValue, userForm, userValue } from './forms.ts';
import { deleteGroup, type GroupView, groupsQuery, readPerson, savePerson, type Tagged, type UserView, usersQuery } from './queries.ts';
import { t } from './words.ts';

const PERMISSION = 'user:edit';
const useLacks = () => {
  const session = useSession();
  return () => (session.may(PERMISSION) ? undefined : PERMISSION);
};

/** Says so when what was to be changed cannot be read. */
const opened = (reading: Promise<unknown>) => reading.catch((error: Error) => toast({ says: error.message, failed: true }));

const filledUser = (user: Tagged<UserView> | null): Filled => ({ form: userValue(user?.value ?? null), tag: user?.tag ?? null });
const filledGroup = (group: Tagged<GroupView> | null): Filled => ({ form: groupValue(group?.value ?? null), tag: group?.tag ?? null });

const Views = (props: { current: 'users' | 'groups' }) => (
  <div class="mt-4">
    <Tabs
      label={t('people.views')}
      current={props.current}
      tabs={[
        { id: 'users', word: t('people.users'), href: '/users' },
        { id: 'groups', word: t('people.groups'), href: '/groups' },
      ]}
    />
  </div>
);

/** Everyone who may log in, with the role that says what they may do. */
export const UsersPage = () => {
  const queries = useQueryClient();
  const lacks = useLacks();
  const users = useSearched(usersQuery);
  // `null` makes one; undefined: nothing is asked.
  const [asked, ask] = createSignal<Tagged<UserView> | null>();
  const save = async (content: JsonObject, tag: string | null, key: string) => {
    const name = asked()?.value.name ?? null;
    await savePerson('users', name, content, tag, key);
    toast({ says: t('people.saved', name ?? String(content.name)) });
    await queries.invalidateQueries({ queryKey: ['users'] });
  };
  const open = (name: string) => opened(readPerson<UserView>('users', name).then(ask));
  const columns: readonly Column<UserView>[] = [
    {
      head: t('people.name'),
      cell: ({ name, active }) => (
        <span>
          <span class="font-semibold">{name}</span>
          <Show when={!active}>
            <span class="text-muted"> · {t('people.closed')}</span>
          </Show>
        </span>
      ),
    },
    { head: t('people.display_name'), cell: ({ display_name }) => display_name ?? '', class: 'max-md:hidden' },
    { head: t('people.role'), cell: ({ role }) => role },
    { head: t('people.member_of'), cell: ({ groups }) => groups.join(', '), class: 'max-md:hidden' },
    {
      head: t('people.last_login'),
      cell: ({ last_login_at }) => <Timestamp at={last_login_at} absent={t('people.never')} />,
      class: 'whitespace-nowrap',
    },
    {
      head: t('people.edit'),
      quiet: true,
      class: 'text-right',
      cell: (user) => (
        <ActionButton words={t('people.edit')} hint={t('people.edit_of', user.name)} lacks={lacks()} run={() => void open(user.name)} />
      ),
    },
  ];
  return (
    <Page
      title={t('people.title')}
      trail={[{ word: common('nav.system'), href: '/system' }]}
      actions={<ActionButton look="main" words={t('people.new_user')} lacks={lacks()} run={() => ask(null)} />}
    >
      <Views current="users" />
      <div class="mt-4">
        <SearchedList list={users} label={t('people.search_users')} skeleton="h-64">
          {(items) => <Table caption={t('people.users')} columns={columns} items={items()} />}
        </SearchedList>
      </div>
      <FormDialog
        open={asked() !== undefined}
        title={asked() ? t('people.edit_of', asked()?.value.name ?? '') : t('people.new_user')}
        act={asked() ? t('people.save') : t('people.create')}
        schema={userForm(asked()?.value ?? null)}
        place={`user.${asked()?.value.name ?? ''}`}
        filled={filledUser(asked() ?? null)}
        again={async () => filledUser(await readPerson<UserView>('users', asked()?.value.name ?? ''))}
        permission={PERMISSION}
        close={() => ask(undefined)}
        run={save}
      />
    </Page>
  );
};

/** Sets of users that approvals and roles name. */
export const GroupsPage = () => {
  const queries = useQueryClient();
  const lacks = useLacks();
  const groups = useSearched(groupsQuery);
  const [asked, ask] = createSignal<Tagged<GroupView> | null>();
  const [deleting, setDeleting] = createSignal<GroupView | null>(null);
  const save = async (content: JsonObject, tag: string | null, key: string) => {
    const name = asked()?.value.name ?? null;
    await savePerson('groups', name, content, tag, key);
    toast({ says: t('people.saved', name ?? String(content.name)) });
    await queries.invalidateQueries({ queryKey: ['groups'] });
  };
  const remove = async (key: string) => {
    const name = deleting()?.name ?? '';
    await deleteGroup(name, key);
    toast({ says: t('people.deleted', name) });
    await queries.invalidateQueries({ queryKey: ['groups'] });
  };
  const open = (name: string) => opened(readPerson<GroupView>('groups', name).then(ask));
  const columns: readonly Column<GroupView>[] = [
    { head: t('people.name'), cell: ({ name }) => <span class="font-semibold">{name}</span> },
    { head: t('people.description'), cell: ({ description }) => description ?? '', class: 'max-md:hidden' },
    { head: t('people.role'), cell: ({ role }) => role ?? '' },
    { head: t('people.members'), cell: ({ members }) => members.join(', ') },
    {
      head: t('people.edit'),
      quiet: true,
      class: 'text-right',
      cell: (group) => (
        <span class="flex justify-end gap-2">
          <ActionButton words={t('people.edit')} hint={t('people.edit_of', group.name)} lacks={lacks()} run={() => void open(group.name)} />
          <ActionButton
            words={t('people.delete')}
            hint={t('people.delete_of', group.name)}
            lacks={lacks()}
            run={() => setDeleting(group)}
          />
        </span>
      ),
    },
  ];
  return (
    <Page
      title={t('people.title')}
      trail={[{ word: common('nav.system'), href: '/system' }]}
      actions={<ActionButton look="main" words={t('people.new_group')} lacks={lacks()} run={() => ask(null)} />}
    >
      <Views current="groups" />
      <div class="mt-4">
        <SearchedList list={groups} label={t('people.search_groups')} skeleton="h-64" empty={<Empty says={t('people.no_groups')} />}>
          {(items) => <Table caption={t('people.groups')} columns={columns} items={items()} />}
        </SearchedList>
      </div>
      <FormDialog
        open={asked() !== undefined}
        title={asked() ? t('people.edit_of', asked()?.value.name ?? '') : t('people.new_group')}
        act={asked() ? t('people.save') : t('people.create')}
        schema={groupForm(asked()?.value ?? null)}
        place={`group.${asked()?.value.name ?? ''}`}
        filled={filledGroup(asked() ?? null)}
        again={async () => filledGroup(await readPerson<GroupView>('groups', asked()?.value.name ?? ''))}
        permission={PERMISSION}
        close={() => ask(undefined)}
        run={save}
      />
      <Confirm
        open={deleting() !== null}
        title={t('people.delete_of', deleting()?.name ?? '')}
        effect={t('people.delete_effect')}
        keep={t('people.leave')}
        act={t('people.delete')}
        look="danger"
        close={() => setDeleting(null)}
        run={remove}
      />
    </Page>
  );
};
