/** What makes a text no calendar, or one that is too large, with the line it was found in. */
export class IcalProblem extends Error {
  override readonly name = 'IcalProblem';
  readonly line: number | null;

  constructor(line: number | null, message: string) {
    super(message);
    this.line = line;
  }
}

/** A component of a calendar as it stands in the text, its content lines unfolded. */
export interface IcalComponent {
  readonly line: number;
  readonly lines: readonly ContentLine[];
}

interface ContentLine {
  readonly line: number;
  readonly text: string;
}

/** The components that say when something happens. */
export interface IcalComponents {
  readonly events: readonly IcalComponent[];
  readonly zones: readonly IcalComponent[];
}

/** What stands inside of these counts: of an event its alarms do not. */
const KEPT = { VEVENT: ['VEVENT'], VTIMEZONE: ['VTIMEZONE', 'STANDARD', 'DAYLIGHT'] } as const;
const DEEPEST = 10;

/** Takes a calendar apart into its events and time zones. Throws IcalProblem for what is no iCalendar text. */
export function componentsOf(text: string): IcalComponents {
  const found: { readonly [kind in keyof typeof KEPT]: IcalComponent[] } = { VEVENT: [], VTIMEZONE: [] };
  const open: Open[] = [];
  let lines: ContentLine[] = [];
  for (const content of contentLines(text)) {
    const { verb, name } = borderOf(content.text);
    if (open.length === 0) requireCalendar(content, verb, name);
    if (verb === 'BEGIN') begin(open, name, content.line);
    const kind = open[1]?.name;
    if (open.length === 2 && verb === 'BEGIN') lines = [];
    if (isKind(kind) && isKept(kind, open)) lines.push(content);
    if (verb !== 'END') continue;
    const begun = open.pop();
    if (begun?.name !== name) throw new IcalProblem(content.line, `END:${name} stands where END:${begun?.name} is expected`);
    if (open.length === 1 && isKind(kind)) found[kind].push({ line: begun.line, lines });
  }
  const left = open.at(-1);
  if (left) throw new IcalProblem(left.line, `BEGIN:${left.name} has no END; the text seems to be cut off`);
  return { events: found.VEVENT, zones: found.VTIMEZONE };
}

interface Open {
  readonly name: string;
  readonly line: number;
}

const isKind = (name: string | undefined): name is keyof typeof KEPT => name !== undefined && Object.hasOwn(KEPT, name);

const isKept = (kind: keyof typeof KEPT, open: readonly Open[]): boolean =>
  open.slice(1).every(({ name }) => (KEPT[kind] as readonly string[]).includes(name));

/** Where a component begins or ends; a line that is neither has no verb. */
function borderOf(text: string): { readonly verb: string; readonly name: string } {
  const [, verb = '', name = ''] = /^(BEGIN|END):\s*([\w-]+)\s*$/i.exec(text) ?? [];
  return { verb: verb.toUpperCase(), name: name.toUpperCase() };
}

function requireCalendar({ line, text }: ContentLine, verb: string, name: string): void {
  if (verb === 'BEGIN' && name === 'VCALENDAR') return;
  throw new IcalProblem(line, `${shown(text)} stands where BEGIN:VCALENDAR is expected; this is no iCalendar text`);
}

function begin(open: Open[], name: string, line: number): void {
  open.push({ name, line });
  if (open.length > DEEPEST) throw new IcalProblem(line, `components stand more than ${DEEPEST} deep in each other`);
}

/** The line that a property of a component stands in; its first line where it has no such property. */
export const lineOf = ({ line, lines }: IcalComponent, property: string): number =>
  lines.find(({ text }) => text.slice(0, property.length).toUpperCase() === property && /^[;:]/.test(text.slice(property.length)))?.line ??
  line;

/** Lines that begin with a blank go on with the one before. */
function* contentLines(text: string): Generator<ContentLine> {
  let last: { readonly line: number; text: string[] } | null = null;
  let line = 0;
  for (const physical of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    line += 1;
    if (physical.includes('\0')) throw new IcalProblem(line, 'holds a NUL character');
    if (last && /^[ \t]/.test(physical)) {
      last.text.push(physical.slice(1));
      continue;
    }
    if (last) yield { line: last.line, text: last.text.join('') };
    last = physical.trim() === '' ? null : { line, text: [physical] };
  }
  if (last) yield { line: last.line, text: last.text.join('') };
  else if (line <= 1 || text.trim() === '') throw new IcalProblem(null, 'the text is empty; an iCalendar text begins with BEGIN:VCALENDAR');
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 60));
