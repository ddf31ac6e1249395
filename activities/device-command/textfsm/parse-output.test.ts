import { expect, test } from 'vitest';
import { DEVICE_TYPES } from '../../transports/device/platforms.ts';
import { ntcPlatforms } from './ntc-platforms.ts';
import { findTemplate, parseOutput } from './parse-output.ts';
import { templateLibrary } from './templates/library.ts';

const brief = `Interface                  IP-Address      OK? Method Status                Protocol
GigabitEthernet0/0         10.0.0.1        YES NVRAM  up                    up
GigabitEthernet0/1         unassigned      YES NVRAM  administratively down down
`;

test('a command, abbreviated as people do, finds its template, and the rows have lower-case fields', async () => {
  expect(await parseOutput({ deviceType: 'cisco_iosxe', command: 'sh ip int br', output: brief })).toEqual([
    { interface: 'GigabitEthernet0/0', ip_address: '10.0.0.1', status: 'up', proto: 'up' },
    { interface: 'GigabitEthernet0/1', ip_address: 'unassigned', status: 'administratively down', proto: 'down' },
  ]);
});

test.each([
  ['cisco_iosxe', 'show version', ['cisco_ios_show_version.textfsm']],
  ['cisco_xe', 'sho ver', ['cisco_ios_show_version.textfsm']],
  ['cisco_iosxr', 'show version', ['cisco_xr_show_version.textfsm']],
  ['hp_procurve', 'show arp', ['hp_procurve_show_arp.textfsm']],
  ['vyos', 'show interfaces', ['vyatta_vyos_show_interfaces.textfsm']],
  ['ubiquiti_edgerouter', 'show interfaces', ['ubiquiti_edgerouter_show_interfaces.textfsm']],
  ['cisco_iosxe', 'show ip interface brief', ['cisco_ios_show_ip_interface_brief.textfsm']],
  ['cisco_iosxe', 'show ip interface', ['cisco_ios_show_ip_interface.textfsm']],
])('on %s, %s is read by %j', async (deviceType, command, templates) => {
  expect(await findTemplate(deviceType, command)).toEqual(templates);
});

test('a command that no template is for has no rows, which is not the same as none found', async () => {
  expect(await parseOutput({ deviceType: 'cisco_iosxe', command: 'show unicorns', output: brief })).toBeNull();
  expect(await parseOutput({ deviceType: 'frr_vty', command: 'show version', output: brief })).toBeNull();
});

test('a template may be named, or given as text', async () => {
  const byName = await parseOutput({ deviceType: 'frr_vty', command: 'x', output: brief, template: 'cisco_ios_show_ip_interface_brief' });
  expect(byName).toHaveLength(2);
  const inline = 'Value Required NAME (\\S+)\n\nStart\n  ^${NAME}\\s+\\d -> Record\n';
  expect(await parseOutput({ deviceType: 'frr_vty', command: 'x', output: brief, template: inline })).toEqual([
    { name: 'GigabitEthernet0/0' },
  ]);
  await expect(parseOutput({ deviceType: 'frr_vty', command: 'x', output: brief, template: 'nobody_knows' })).rejects.toMatchObject({
    problem: 'template',
    message: 'there is no template nobody_knows.textfsm',
  });
});

test('several templates for one command extend each other by their keys', async () => {
  expect(await findTemplate('cisco_iosxe', 'show module')).toHaveLength(4);
  const output = `Mod Ports Card Type                              Model              Serial No.
--- ----- -------------------------------------- ------------------ -----------
  1    2  Supervisor Engine 720 10GE             VS-S720-10G        SAL1234ABCD
  2   48  CEF720 48 port 1000mb SFP              WS-X6748-SFP       SAL5678EFGH

Mod MAC addresses                       Hw    Fw           Sw           Status
--- ---------------------------------- ------ ------------ ------------ -------
  1  0019.a9d2.aaaa to 0019.a9d2.aab1   2.0   8.5(2)       12.2(33)SXI  Ok
`;
  const rows = await parseOutput({ deviceType: 'cisco_iosxe', command: 'show module', output });
  expect(rows).toHaveLength(2);
  expect(rows?.[0]).toMatchObject({ module: '1', serial: 'SAL1234ABCD', status: 'Ok' });
  expect(rows?.[1]).toMatchObject({ module: '2', serial: 'SAL5678EFGH', status: '' });
});

test('every platform that a device type is looked up under has templates', async () => {
  const { entries } = await templateLibrary();
  const platforms = new Set(entries.map(({ platform }) => platform));
  const known = (name: string): boolean => [...platforms].some((platform) => new RegExp(`^(?:${platform})`).test(name));
  expect(DEVICE_TYPES.flatMap((type) => ntcPlatforms(type)).filter((name) => !known(name))).toEqual([]);
});
