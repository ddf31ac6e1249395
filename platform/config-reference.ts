import { readFileSync, writeFileSync } from 'node:fs';
import { expectation } from './config.ts';
import { leaves, type SettingSchema, settingAt, settingsSchema, variableOf } from './config-sources.ts';

/** Where the reference lies, and the settings file with every default. */
export const REFERENCE = new URL('../docs/configuration.md', import.meta.url);
export const EXAMPLE = new URL('../capstan.example.toml', import.meta.url);

const INTRODUCTION = `# Configuration

<!-- Made from platform/config-schema.ts by \`node platform/config-reference.ts\`; a test fails when it is out of date. -->

Every process reads \`capstan.toml\` in its working directory (or the file that \`CAPSTAN_CONFIG\` names) and lays the environment over it.
A variable is \`CAPSTAN_\` and the setting in capitals, with two underscores for the dot: \`CAPSTAN_API__PORT=9000\`. Some have a shorter name, given below;
an empty variable counts as unset. Lists are written \`a,b\` or as JSON. An unknown setting or a bad value ends the process with code 2 and a line that
names file and line or variable, the value, and what was expected. [capstan.example.toml](../capstan.example.toml) has every setting with its default.
`;

/** The reference of all settings as Markdown, a table a section. */
export function configReference(): string {
  const sections = Object.entries(settingsSchema.properties ?? {}).map(([name, schema]) => {
    const paths = schema.properties ? leaves(schema, `${name}.`) : [name];
    const introduction = schema.properties ? `${schema.description}\n\n` : '';
    return `## ${name}\n\n${introduction}${table([HEAD, ...paths.map(row)])}`;
  });
  return `${INTRODUCTION}\n${sections.join('\n\n')}\n`;
}

const HEAD = ['setting', 'variable', 'value', 'default', 'meaning'];

/** Columns are padded as the formatter pads them, so that it finds nothing to change. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_, column) => Math.max(3, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** A `capstan.toml` with every setting at its default, commented out. */
export function exampleFile(): string {
  const entries = Object.entries(settingsSchema.properties ?? {});
  const single = entries.filter(([, schema]) => !schema.properties).map(([name, schema]) => settingLine(name, schema));
  const sections = entries
    .filter(([, schema]) => schema.properties)
    .map(([name, schema]) => {
      const lines = Object.entries(schema.properties ?? {}).map(([key, inner]) => settingLine(key, inner));
      return `# ${schema.description}\n[${name}]\n${lines.join('\n')}`;
    });
  const head = '# Copy to capstan.toml and set what differs. docs/configuration.md explains each setting.';
  return `${[head, single.join('\n'), ...sections].join('\n\n')}\n`;
}

function row(dotted: string): readonly string[] {
  const schema = settingAt(dotted);
  if (!schema) throw new Error(`${dotted} is no setting`);
  const standard = schema.default === undefined ? '' : code(schema.default);
  const cells = [code(dotted), code(variableOf(dotted)), expectation(schema), standard, schema.description ?? ''];
  return cells.map((cell) => cell.replaceAll('|', '\\|'));
}

const settingLine = (key: string, schema: SettingSchema) =>
  `# ${key} = ${schema.default === undefined ? `…  # ${expectation(schema)}` : JSON.stringify(schema.default)}`;
const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

if (import.meta.main) {
  for (const [place, text] of [
    [REFERENCE, configReference()],
    [EXAMPLE, exampleFile()],
  ] as const) {
    if (readFileSync(place, { encoding: 'utf8', flag: 'a+' }) !== text) writeFileSync(place, text);
  }
}
