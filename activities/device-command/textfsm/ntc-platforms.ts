import { type DeviceType, deviceTypeOf } from '../../transports/device/platforms.ts';

/** What ntc-templates calls our device types, the most fitting name first; none where it has no templates. */
export const NTC_PLATFORMS: { readonly [type in DeviceType]: readonly string[] } = {
  cisco_iosxe: ['cisco_ios'],
  cisco_nxos: ['cisco_nxos'],
  cisco_iosxr: ['cisco_xr'],
  cisco_asa: ['cisco_asa'],
  arista_eos: ['arista_eos'],
  juniper_junos: ['juniper_junos'],
  huawei_vrp: ['huawei_vrp'],
  hp_comware: ['hp_comware'],
  hp_procurve: ['hp_procurve'],
  fortinet_fortios: ['fortinet'],
  paloalto_panos: ['paloalto_panos'],
  mikrotik_routeros: ['mikrotik_routeros'],
  aruba_aoscx: ['aruba_aoscx'],
  nokia_sros: ['alcatel_sros'],
  nokia_sros_classic: ['alcatel_sros'],
  dell_os10: [],
  vyos: ['vyatta_vyos', 'linux'],
  linux: ['linux'],
  checkpoint_gaia: ['checkpoint_gaia', 'linux'],
  extreme_exos: ['extreme_exos'],
  f5_tmsh: [],
  frr_vty: [],
  frr_vtysh: [],
};

/** The platforms to look under: our own type's, else the name as given, so that every platform of ntc-templates can be asked for. */
export function ntcPlatforms(name: string): readonly string[] {
  const type = deviceTypeOf(name);
  return type === null ? [name] : NTC_PLATFORMS[type];
}
