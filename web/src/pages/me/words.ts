import { speak } from '../../words/speak.ts';

/** What the page of the reader's own account says. */
export const t = speak({
  'me.title': 'Account and settings',
  'me.account': 'Account',
  'me.name': 'Name',
  'me.roles': 'Roles',
  'me.may': 'Permissions',
  'me.nobody': 'The login is switched off here, so there is no account: settings are kept in this browser.',

  'me.look': 'Look',
  'me.kept': 'Settings take effect at once and follow your account to other browsers.',
  'me.theme': 'Theme',
  'me.theme_system': 'As the machine',
  'me.theme_light': 'Light',
  'me.theme_dark': 'Dark',
  'me.density': 'Rows of lists',
  'me.density_comfortable': 'Comfortable (40 px)',
  'me.density_compact': 'Compact (32 px)',
  'me.density_dense': 'Dense (24 px)',

  'me.time': 'Time',
  'me.zone': 'Time zone',
  'me.zone_machine': (zone: string) => `The browser’s (${zone})`,
  'me.zone_own': 'Another one',
  'me.zone_name': 'Name of the time zone',
  'me.zone_unknown': (zone: string) => `This browser knows no time zone ${zone}; times stay as they were.`,

  'me.work': 'Work',
  'me.run_tab': 'A run opens on',
  'me.run_tab_timeline': 'Timeline',
  'me.run_tab_graph': 'Graph',
  'me.run_tab_hosts': 'Hosts × steps',
  'me.run_tab_log': 'Log',
  'me.run_tab_outputs': 'Outputs',
  'me.run_tab_events': 'Events',
  'me.keys': 'Single keys do something',
  'me.keys_hint': '⌘ K or Ctrl K always does; ? shows the keys of a page.',
  'me.reset': 'Back to the defaults',
  'me.reset_done': 'Settings are the defaults again.',
});
