/** The one project there is until projects have routes of their own. */
export const PROJECT = 'default';
