/**
 * Makes ntc-templates.json.br, the templates that the product carries, from the wheel of PyPI's ntc-templates. Run it after `pip download --no-deps ntc-templates==9.2.0`:
 * node activities/device-command/textfsm/templates/build.ts ntc_templates-9.2.0-py3-none-any.whl
 */
import { readFile, writeFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { unzip } from '#platform/unzip.ts';
import type { TemplateFile } from './library.ts';

const FOLDER = 'ntc_templates/templates/';

const [, , wheelPath] = process.argv;
if (wheelPath === undefined) throw new Error('name the wheel: node build.ts <ntc_templates-….whl>');
const wheel = unzip(await readFile(wheelPath));
const version = /ntc_templates-([\d.]+)\.dist-info/.exec([...wheel.keys()].join('\n'))?.[1];
if (version === undefined) throw new Error(`${wheelPath} is not a wheel of ntc-templates`);

const text = (name: string): string => {
  const file = wheel.get(name);
  if (!file) throw new Error(`${wheelPath} has no ${name}`);
  return file.toString('utf8');
};
const names = [...wheel.keys()].filter((name) => name.startsWith(FOLDER) && name.endsWith('.textfsm')).sort();
const library: TemplateFile = {
  source: `ntc-templates ${version}, https://github.com/networktocode/ntc-templates, Apache-2.0, unchanged`,
  index: text(`${FOLDER}index`),
  templates: Object.fromEntries(names.map((name) => [name.slice(FOLDER.length), text(name)])),
};
const json = Buffer.from(JSON.stringify(library));
const packed = brotliCompressSync(json, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: json.length },
});
await writeFile(new URL('ntc-templates.json.br', import.meta.url), packed);
const licence = [...wheel.keys()].find((name) => /dist-info\/(licenses\/)?LICENSE$/.test(name));
if (licence !== undefined) await writeFile(new URL('LICENSE', import.meta.url), text(licence));
console.log(`${names.length} templates of ntc-templates ${version}: ${packed.length} bytes`);
