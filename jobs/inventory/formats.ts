import { parseAnsibleIni } from './ansible-ini.ts';
import { parseAnsibleYaml } from './ansible-yaml.ts';
import { parseCsv, writeCsv } from './csv.ts';
import { parseTargets, writeJson, writeYaml } from './document.ts';
import type { Inventory, InventoryTarget } from './inventory.ts';
import { parseSshConfig, writeSshConfig } from './ssh-config.ts';
import { writeAnsibleIni, writeAnsibleYaml } from './write-ansible.ts';

interface Format {
  readonly type: string;
  readonly file: string;
  readonly parse: (text: string) => Inventory;
  readonly write: (targets: readonly InventoryTarget[]) => string;
}

/** The forms an inventory comes and goes in. All but `ssh_config` keep every field. */
export const INVENTORY_FORMATS = {
  yaml: { type: 'application/yaml', file: 'targets.yaml', parse: parseTargets, write: writeYaml },
  json: { type: 'application/json', file: 'targets.json', parse: parseTargets, write: writeJson },
  csv: { type: 'text/csv; charset=utf-8', file: 'targets.csv', parse: parseCsv, write: writeCsv },
  ssh_config: { type: 'text/plain; charset=utf-8', file: 'ssh_config', parse: parseSshConfig, write: writeSshConfig },
  ansible_ini: { type: 'text/plain; charset=utf-8', file: 'inventory.ini', parse: parseAnsibleIni, write: writeAnsibleIni },
  ansible_yaml: { type: 'application/yaml', file: 'inventory.yaml', parse: parseAnsibleYaml, write: writeAnsibleYaml },
} as const satisfies { readonly [name: string]: Format };

export type InventoryFormat = keyof typeof INVENTORY_FORMATS;
export const INVENTORY_FORMAT_NAMES = Object.keys(INVENTORY_FORMATS) as [InventoryFormat, ...InventoryFormat[]];
