import type { JsonSchema } from '#jobs/json.ts';
import { type GroupView, ROLES, type UserView } from './queries.ts';
import { t } from './words.ts';

const name: JsonSchema = { type: 'string', title: t('people.name'), pattern: '^[a-z0-9][a-z0-9._-]{0,99}$' };
const role: JsonSchema = { type: 'string', title: t('people.role'), enum: ROLES };

/** What is asked of a user; a password is set when the account is made, and later only where one is typed. */
export const userForm = (user: UserView | null): JsonSchema => ({
  type: 'object',
  required: user === null ? ['name', 'role', 'password'] : ['role'],
  properties: {
    ...(user === null && { name }),
    display_name: { type: 'string', title: t('people.display_name'), maxLength: 200 },
    role,
    ...(user !== null && { active: { type: 'boolean', title: t('people.active') } }),
    password: { type: 'string', title: t(user === null ? 'people.password' : 'people.new_password'), secret: true, maxLength: 1000 },
  },
});

export const userValue = (user: UserView | null) =>
  user === null ? {} : { role: user.role, active: user.active, ...(user.display_name && { display_name: user.display_name }) };

/** What is asked of a group; its members are users by name. */
export const groupForm = (group: GroupView | null): JsonSchema => ({
  type: 'object',
  required: group === null ? ['name'] : [],
  properties: {
    ...(group === null && { name }),
    description: { type: 'string', title: t('people.description'), maxLength: 1000 },
    role,
    members: { type: 'array', title: t('people.members'), items: { type: 'string' } },
  },
});

export const groupValue = (group: GroupView | null) =>
  group === null
    ? {}
    : { members: group.members, ...(group.role && { role: group.role }), ...(group.description && { description: group.description }) };

/** What is asked of a token. */
export const TOKEN_FORM: JsonSchema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', title: t('tokens.name'), maxLength: 100 },
    role: { ...role, title: t('tokens.role') },
    expires_at: { type: 'string', title: t('tokens.expires'), format: 'date-time' },
  },
};
