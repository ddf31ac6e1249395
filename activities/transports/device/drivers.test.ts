import { describe, expect, test } from 'vitest';
import type { ModeName } from './driver.ts';
import { DRIVERS } from './drivers.ts';
import { turnsPage } from './pagers.ts';
import { DEVICE_ALIASES, DEVICE_TYPES, type DeviceType, deviceTypeOf } from './platforms.ts';
import { isSameHost, promptOf } from './prompt.ts';

/** The last line, what it is, what stays the same of it, and the line above where one belongs to it. */
type Sample = readonly [line: string, mode: ModeName | null, host?: string | undefined, above?: string];

const SAMPLES: { readonly [type in DeviceType]: readonly Sample[] } = {
  cisco_iosxe: [
    ['Router>', 'exec', 'Router'],
    ['core-sw.dc1#', 'enable', 'core-sw.dc1'],
    ['core-sw(config)#', 'config', 'core-sw'],
    ['core-sw(config-if-range)#', 'config', 'core-sw'],
    ['core-sw(tcl)#', 'shell', 'core-sw'],
    ['Building configuration...', null],
    ['ip address 10.0.0.1 255.255.255.0 # uplink', null],
    ['Router# show version', null],
    ['Destination filename [startup-config]?', null],
  ],
  cisco_nxos: [
    ['n9k-1# ', 'enable', 'n9k-1'],
    ['n9k-1(maint-mode)# ', 'enable', 'n9k-1'],
    ['n9k-1(maint-mode)(config)# ', 'config', 'n9k-1'],
    ['n9k-1(config-if)# ', 'config', 'n9k-1'],
    ['n9k-1> ', 'exec', 'n9k-1'],
    ['n9k-1(config-tcl)# ', 'shell', 'n9k-1'],
    ['!Command: show running-config #', null],
  ],
  cisco_iosxr: [
    ['RP/0/RP0/CPU0:pe1#', 'enable', 'RP/0/RP0/CPU0:pe1'],
    ['RP/0/RP0/CPU0:pe1(config)#', 'config', 'RP/0/RP0/CPU0:pe1'],
    ['RP/0/RSP0/CPU0:pe1(config-bgp-nbr)#', 'config', 'RP/0/RSP0/CPU0:pe1'],
    ['Uncommitted changes found, commit them before exiting(yes/no/cancel)? [cancel]:', null],
  ],
  cisco_asa: [
    ['ciscoasa> ', 'exec', 'ciscoasa'],
    ['fw1/admin# ', 'enable', 'fw1/admin'],
    ['fw1/pri/act(config)# ', 'config', 'fw1/pri/act'],
    ['fw1(config-network-object)# ', 'config', 'fw1'],
    [': Saved', null],
  ],
  arista_eos: [
    ['leaf-1a>', 'exec', 'leaf-1a'],
    ['leaf-1a.lab(s1)#', 'enable', 'leaf-1a.lab(s1)'],
    ['leaf-1a(config-if-Et1)#', 'config', 'leaf-1a'],
    ['leaf-1a(config-s-capstan)#', 'config', 'leaf-1a'],
    ['[admin@leaf-1a ~]$ ', 'shell', 'admin@leaf-1a '],
    ['! Command: show running-config', null],
  ],
  juniper_junos: [
    ['admin@mx1> ', 'exec', 'admin@mx1'],
    ['admin@mx1> ', 'exec', 'admin@mx1', '{master:0}'],
    ['admin@mx1# ', 'config', 'admin@mx1', '[edit]'],
    ['admin@mx1# ', 'config', 'admin@mx1', '{master:0}[edit interfaces ge-0/0/0]'],
    ['root@mx1:~ # ', 'shell', 'root@mx1'],
    ['root@mx1% ', 'shell', 'root@mx1'],
    ['% ', 'shell', ''],
    ['## Last commit: 2026-01-01 10:00:00 UTC by admin', null],
  ],
  huawei_vrp: [
    ['<core-1>', 'exec', 'core-1'],
    ['HRP_M<fw-1>', 'exec', 'fw-1'],
    ['[core-1]', 'config', 'core-1'],
    ['[~core-1]', 'config', 'core-1'],
    ['[*core-1-GigabitEthernet0/0/1]', 'config', 'core-1-GigabitEthernet0/0/1'],
    ['hrp_s[fw-1]', 'config', 'fw-1'],
    ['[V200R009C00SPC500]', null],
    ['Are you sure to continue?[Y/N]:', null],
  ],
  hp_comware: [
    ['<HPE>', 'exec', 'HPE'],
    ['[HPE]', 'config', 'HPE'],
    ['[HPE-Ten-GigabitEthernet1/0/1]', 'config', 'HPE-Ten-GigabitEthernet1/0/1'],
    ['% Unrecognized command found at ^ position.', null],
  ],
  hp_procurve: [
    ['ProCurve Switch 2810-24G> ', 'exec', 'ProCurve Switch 2810-24G'],
    ['sw-2920# ', 'enable', 'sw-2920'],
    ['sw-2920(config)# ', 'config', 'sw-2920'],
    ['sw-2920(vlan-10)# ', 'config', 'sw-2920'],
    ['Press any key to continue', null],
  ],
  fortinet_fortios: [
    ['FGT-1 # ', 'exec', 'FGT-1'],
    ['FGT-1 $ ', 'exec', 'FGT-1'],
    ['FGT-1 (global) # ', 'exec', 'FGT-1'],
    ['FGT-1 (port1) # ', 'exec', 'FGT-1'],
    ['--More-- ', null],
    ['#config-version=FGT60E', null],
  ],
  paloalto_panos: [
    ['admin@PA-220> ', 'exec', 'admin@PA-220'],
    ['admin@fw(active)> ', 'exec', 'admin@fw(active)'],
    ['admin@PA-220# ', 'config', 'admin@PA-220', '[edit]'],
    ['admin@PA-220# ', 'config', 'admin@PA-220'],
    ['<response status="success">', null],
  ],
  mikrotik_routeros: [
    ['[admin@MikroTik] > ', 'exec', 'admin@MikroTik'],
    ['[admin@MikroTik] /ip address> ', 'exec', 'admin@MikroTik'],
    ['[admin@edge gw] <SAFE> ', 'exec', 'admin@edge gw'],
    ['-- [Q quit|D dump|down]', null],
  ],
  aruba_aoscx: [
    ['8320# ', 'enable', '8320'],
    ['8320> ', 'exec', '8320'],
    ['8320(config-if-vlan)# ', 'config', '8320'],
    ['Invalid input: foo', null],
  ],
  nokia_sros: [
    ['A:admin@sr1# ', 'exec', 'A:admin@sr1', '[]'],
    ['A:admin@sr1# ', 'exec', 'A:admin@sr1', '[/]'],
    ['A:admin@sr1# ', 'exec', 'A:admin@sr1', '[/show router]'],
    ['A:admin@sr1# ', 'config', 'A:admin@sr1', '(ex)[/]'],
    ['A:admin@sr1# ', 'config', 'A:admin@sr1', '*(ex)[/configure router "Base"]'],
    ['A:admin@sr1# ', 'config', 'A:admin@sr1', '!*[pr:/configure]'],
    ['A:admin@sr1# ', null, undefined, 'MINOR: CLI: something'],
  ],
  nokia_sros_classic: [
    ['A:sr1# ', 'exec', 'A:sr1'],
    ['*A:sr1# ', 'exec', 'A:sr1'],
    ['*A:sr1>config>router>bgp# ', 'config', 'A:sr1'],
    ['A:sr1>config>router$ ', 'config', 'A:sr1'],
    ['Press any key to continue (Q to quit)', null],
  ],
  dell_os10: [
    ['OS10> ', 'exec', 'OS10'],
    ['OS10# ', 'enable', 'OS10'],
    ['OS10(conf-if-eth1/1/1)# ', 'config', 'OS10'],
    ['% Error: Illegal parameter.', null],
  ],
  vyos: [
    ['vyos@gw:~$ ', 'exec', 'vyos@gw'],
    ['vyos@gw# ', 'config', 'vyos@gw', '[edit]'],
    ['vyos@gw# ', 'config', 'vyos@gw', '[edit interfaces ethernet eth0]'],
    ['vyos@gw# ', null],
  ],
  linux: [
    ['ops@web-1:~$ ', 'exec', 'ops@web-1'],
    ['[ops@web-1 log]$ ', 'exec', 'ops@web-1'],
    ['root@web-1:/etc# ', 'enable', 'root@web-1'],
    ['$ ', 'exec', ''],
    ['~ $ ', 'exec', ''],
    ['/ # ', 'enable', ''],
    ['price: 30 $ each', null],
    ['[sudo] password for ops: ', null],
  ],
  checkpoint_gaia: [
    ['gw-1> ', 'exec', 'gw-1'],
    ['[Expert@gw-1]# ', 'enable', 'gw-1'],
    ['Enter expert password:', null],
  ],
  extreme_exos: [
    ['X440G2.3 # ', 'exec', 'X440G2'],
    ['* X440G2.14 # ', 'exec', 'X440G2'],
    ['* Slot-1 stack.2 > ', 'exec', 'stack'],
    ['Press <SPACE> to continue or <Q> to quit:', null],
  ],
  f5_tmsh: [
    ['admin@(big1)(cfg-sync In Sync)(Active)(/Common)(tmos)# ', 'exec', 'admin@(big1)'],
    ['admin@(big1)(cfg-sync Standalone)(Active)(/Common)(tmos.ltm)# ', 'exec', 'admin@(big1)'],
    ['[root@big1:Active:Standalone] config # ', 'shell', 'root@big1'],
    ['---(less 12%)---', null],
  ],
  frr_vty: [
    ['edge1> ', 'exec', 'edge1'],
    ['edge1# ', 'enable', 'edge1'],
    ['edge1(config-router-af)# ', 'config', 'edge1'],
    ['Password: ', null],
    [' --More-- ', null],
  ],
  frr_vtysh: [
    ['edge1# ', 'enable', 'edge1'],
    ['edge1> ', 'exec', 'edge1'],
    ['edge1(config)# ', 'config', 'edge1'],
    [':', null],
  ],
};

describe.each(DEVICE_TYPES)('%s', (type) => {
  const driver = DRIVERS[type];

  test.each(SAMPLES[type].map((sample) => ({ sample, line: sample[0], mode: sample[1] })))('$line is its mode $mode', ({ sample }) => {
    const [line, mode, host, above = ''] = sample;
    const prompt = promptOf(driver, line, above);
    expect(prompt?.mode ?? null).toBe(mode);
    expect(prompt?.host).toBe(mode === null ? undefined : host);
  });

  test.each([
    ['an empty line', ''],
    ['a table', '10.0.0.1        YES NVRAM  up                    up'],
    ['a heading', 'Interface        Status'],
    ['an endless line', `${'a'.repeat(100_000)}#`],
    ['brackets without end', `${'['.repeat(5000)}>`],
    ['what two patterns could share', `${'a@a.'.repeat(90)}!`],
    ['blanks without end', `${' '.repeat(399)}!`],
    ['parentheses without end', `host${'(a)'.repeat(120)}!`],
  ])('%s is no prompt', (_what, line) => {
    expect(promptOf(driver, line, '')).toBeNull();
  });

  test('its patterns begin at the start of a line, and those of prompts end at its end', () => {
    for (const { prompt, above } of driver.modes) {
      for (const pattern of [prompt, ...(above ? [above] : [])]) {
        expect(pattern.source.startsWith('^')).toBe(true);
        expect(pattern.source.endsWith('$')).toBe(true);
        expect(pattern.source.replace(/\[(?:\\.|[^\]])+\]/g, '')).not.toMatch(/[^\\][*+]/);
        expect(pattern.flags).not.toMatch(/[gy]/);
      }
    }
    for (const failure of driver.failures) expect(failure.source.startsWith('^')).toBe(true);
  });

  test('every mode but one has a way in, and what is entered can be left', () => {
    const names = driver.modes.map(({ name }) => name);
    for (const { enter } of driver.modes) if (enter) expect(names).toContain(enter.from);
    expect(driver.configuring.inMode).toBe(names.includes('config'));
    if (driver.configuring.inMode) expect(driver.configuring.leave.length).toBeGreaterThan(0);
    if (driver.configuring.commit) expect(driver.configuring.abandon?.length).toBeGreaterThan(0);
  });
});

test.each<[string, string, string, boolean]>([
  ['a name that configuration cuts short', 'a-very-long-hostname-of-a-router#', 'a-very-long-hostname(config)#', true],
  ['a view that adds its name', '<core>', '[core-Vlanif10]', true],
  ['another host', 'edge1#', 'core1#', false],
  ['a shell prompt, and the percentage of a progress', 'ops@web1:~$ ', ' 50%', false],
  ['a bare shell prompt that comes again', '$ ', '$ ', true],
])('%s', (_what, first, second, same) => {
  const driver = first.startsWith('<') ? DRIVERS.huawei_vrp : first.includes('$') ? DRIVERS.linux : DRIVERS.cisco_iosxe;
  const [a, b] = [promptOf(driver, first, ''), promptOf(driver, second, '')];
  expect(a !== null && b !== null && isSameHost(a, b)).toBe(same);
});

test.each<[string, string, string, string | null]>([
  ['IOS', ' --More-- ', '', ' '],
  ['ASA', '<--- More --->', '', ' '],
  ['VRP', '  ---- More ----', '', ' '],
  ['Junos', '---(more 42%)---', '', ' '],
  ['ProCurve', '-- MORE --, next page: Space, next line: Enter, quit: Control-C', '', ' '],
  ['SR OS', 'Press any key to continue (Q to quit)', '', ' '],
  ['EXOS', 'Press <SPACE> to continue or <Q> to quit:', '', ' '],
  ['more of Linux', '--More--(12%)', '', ' '],
  ['less', ':', 'text\r\n:\x1b[K', ' '],
  ['less with line numbers', 'lines 1-23', '', ' '],
  ['less at the end', '(END)', '', 'q'],
  ['PAN-OS at the end', 'lines 24-31/31 (END)', '', 'q'],
  ['a colon of the output', ':', 'text\r\n:', null],
  ['a rule of dashes', '-----------', '', null],
  ['text about more', 'There is more to it', '', null],
  ['a table rule with a word', '--- more than one route', '', null],
])('the pager of %s is answered as it must be', (_what, line, raw, answer) => {
  expect(turnsPage(DRIVERS.cisco_iosxe, line, raw)).toBe(answer);
});

test('the pagers of RouterOS and tmsh are theirs alone', () => {
  expect(turnsPage(DRIVERS.mikrotik_routeros, '-- [Q quit|D dump|down]', '')).toBe(' ');
  expect(turnsPage(DRIVERS.f5_tmsh, '---(less 12%)---', '')).toBe(' ');
  expect(turnsPage(DRIVERS.f5_tmsh, 'Display all 105 items? (y/n) ', '')).toBe('y');
});

test("other tools' names mean our platforms", () => {
  expect(deviceTypeOf('cisco_ios')).toBe('cisco_iosxe');
  expect(deviceTypeOf(' Cisco_IOSXE ')).toBe('cisco_iosxe');
  expect(deviceTypeOf('cisco_catos')).toBeNull();
  expect(deviceTypeOf('constructor')).toBeNull();
  for (const type of Object.values(DEVICE_ALIASES)) expect(DEVICE_TYPES).toContain(type);
  for (const alias of Object.keys(DEVICE_ALIASES)) expect(DEVICE_TYPES).not.toContain(alias);
});
