import { createMemo, createSignal, onCleanup } from 'solid-js';
import { useQuery } from '../api/use-query.ts';
import type { LogLine } from '../api/views.ts';
import { isLoaded } from '../components/Fetched.tsx';
import { toast } from '../components/Toasts.tsx';
import { whenChanged } from '../solid.ts';
import { type Folds, foldsOf, type Stretch } from './folds.ts';
import { groupedLines, hiddenBy, linesOfCommand } from './groups.ts';
import { createHits } from './hits.ts';
import type { Jump, ShownRows } from './Lines.tsx';
import type { RowGroup } from './LogRow.tsx';
import { joined, nearest, type Way } from './nearest.ts';
import { filterQuery, type LogPlace, searchQuery } from './place.ts';
import { groupsQuery } from './queries.ts';
import { createSearch } from './search.ts';
import { createLogSource } from './source.ts';
import { lineAt } from './window.ts';
import { t } from './words.ts';

/** What a log is opened with. */
export interface Opening {
  readonly run: string;
  readonly step: string;
  readonly opensAt: 'end' | 'error';
  readonly place: LogPlace;
  readonly chosen: Stretch | null;
  readonly choose: (lines: Stretch | null) => void;
}

/** Everything that can be done with a log on screen: what its rows are, where it stands, and the ways through it. */
export const createDesk = (props: Opening) => {
  const groupsFound = useQuery(() => groupsQuery(props.run, props.step));
  const [lines, setLines] = createSignal(0);
  const groups = createMemo(() => groupedLines(groupsFound.data?.items ?? [], lines()));
  const command = createMemo(() => linesOfCommand(groups(), props.place.command), undefined, {
    equals: (one, other) => one?.from === other?.from && one?.to === other?.to,
  });
  const filter = createMemo(() => filterQuery(props.place, command()));
  const isNarrowed = () => filter() !== '';
  const source = createLogSource(
    () => props.run,
    () => props.step,
    filter,
  );
  whenChanged(source.lines, setLines);

  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set());
  const folds = createMemo<Folds>(() => foldsOf(isNarrowed() ? [] : hiddenBy(groups(), folded())));
  const places = () => source.window().total;
  const count = () => (isNarrowed() ? places() : folds().rowsOf(places()));
  const placeAt = (row: number) => (isNarrowed() ? row + 1 : folds().lineAt(row));
  const rowOf = (place: number) => (isNarrowed() ? place - 1 : folds().rowOf(place));
  const lineOf = (row: number): LogLine | undefined => lineAt(source.window(), placeAt(row));
  const numberOf = (row: number): number | undefined => (isNarrowed() ? lineOf(row)?.n : placeAt(row));

  const [follow, setFollow] = createSignal(true);
  const [target, setTarget] = createSignal(0);
  const [jump, setJump] = createSignal<Jump>({ row: 0, align: 'end' });
  const [span, setSpan] = createSignal<ShownRows>({ first: 0, last: 0, top: 0, bottom: 0 });
  /** The number of the line that stands at the top. */
  const topLine = () => numberOf(span().top) ?? 1;
  /** The line gone to last, while it can be seen. */
  const targetOnScreen = (): number | null => {
    const [top, bottom] = [numberOf(span().top) ?? 0, numberOf(span().bottom) ?? 0];
    return target() >= top && target() <= bottom && target() > 0 ? target() : null;
  };

  // Whoever goes elsewhere, or to another log, no longer waits for what was asked before.
  let jumps = new AbortController();
  const newJump = (): AbortSignal => {
    jumps.abort();
    jumps = new AbortController();
    return jumps.signal;
  };
  whenChanged(() => `${props.run} ${props.step} ${filter()}`, newJump);
  onCleanup(() => jumps.abort());

  const reveal = (line: number) => {
    const hiding = groups().find(({ id, from, to }) => folded().has(id) && line > from && line <= to);
    if (hiding) setFolded(new Set([...folded()].filter((id) => id !== hiding.id)));
  };
  const goToLine = async (line: number, align: Jump['align'] = 'center', signal = newJump()) => {
    setFollow(false);
    reveal(line);
    const place = await source.placeOf(line, signal);
    if (place === null || signal.aborted) return;
    setJump({ row: Math.max(0, Math.min(count() - 1, rowOf(place))), align });
  };
  const goToEnd = () => {
    newJump();
    setFollow(true);
    setJump({ row: Math.max(0, count() - 1), align: 'end' });
  };
  const point = (line: number, signal = newJump()) => {
    setTarget(line);
    void goToLine(line, 'center', signal);
  };

  const search = createSearch({
    run: () => props.run,
    step: () => props.step,
    filter,
    query: () => searchQuery(props.place),
    lines: source.lines,
    from: topLine,
    goTo: (line) => void goToLine(line),
  });

  const hits = createHits(
    () => props.run,
    () => props.step,
    () => (props.place.regexp ? searchQuery(props.place) : null),
    filter,
    topLine,
  );

  const goToError = async (way: Way, from = targetOnScreen() ?? topLine() - (way === 'next' ? 1 : 0)) => {
    const signal = newJump();
    const query = joined(filterQuery({ ...props.place, level: 'error' }, command()));
    try {
      const [error] = (await nearest({ run: props.run, step: props.step, query, way, line: Math.max(0, from), signal })).items;
      if (signal.aborted) return;
      if (error) point(error.n, signal);
      else toast({ says: t('log.no_error', way) });
    } catch (problem) {
      if (!signal.aborted) toast({ says: (problem as Error).message, failed: true });
    }
  };

  // A log opens where it was asked for, and stays where it is when other lines of it are shown.
  let shown = '';
  whenChanged(source.opened, (opened) => {
    if (opened === null) return;
    const log = `${props.run} ${props.step}`;
    const isNew = shown !== log;
    shown = log;
    if (isNew) setTarget(0);
    const error = source.firstError();
    if (isNew && props.chosen) void goToLine(props.chosen.from);
    else if (isNew && props.opensAt === 'error' && error !== null) point(error);
    else if (isNew || follow()) goToEnd();
    else void goToLine(lastTop, 'start');
  });
  let lastTop = 1;
  whenChanged(topLine, (line) => {
    if (source.opened() !== null && count() > 0) lastTop = line;
  });
  whenChanged(
    () => props.chosen,
    (chosen) => {
      if (chosen && source.opened() !== null) void goToLine(chosen.from, 'near');
    },
    'later',
  );

  const firstLines = createMemo(() => new Map(groups().map((one) => [one.from, one])));
  const groupAt = (row: number): RowGroup | undefined => {
    const line = numberOf(row);
    const one = isNarrowed() || line === undefined ? undefined : firstLines().get(line);
    if (!one) return undefined;
    return {
      group: one.group,
      lines: one.to - one.from,
      folded: folded().has(one.id),
      toggle: () => {
        const next = new Set(folded());
        if (!next.delete(one.id)) next.add(one.id);
        setFollow(false);
        setFolded(next);
      },
    };
  };

  return {
    source,
    search,
    /** Lines on screen that match a pattern. */
    hits,
    groups,
    filter,
    isNarrowed,
    count,
    lineOf,
    numberOf,
    groupAt,
    /** Attempts differ between this row and the one above: the number of the one that begins. */
    beginsAt: (row: number): number | null => {
      const [before, own] = [row === 0 ? undefined : lineOf(row - 1)?.attempt, lineOf(row)?.attempt];
      return before !== undefined && own !== undefined && before !== own ? own : null;
    },
    follow,
    setFollow,
    target,
    jump,
    goToEnd,
    goToStart: () => {
      newJump();
      setFollow(false);
      setJump({ row: 0, align: 'start' });
    },
    goToError,
    rowOfLine: (line: number): number | null => {
      if (!isNarrowed()) return rowOf(line);
      for (let row = span().first; row <= span().last; row += 1) if (lineOf(row)?.n === line) return row;
      return null;
    },
    topLine,
    shown: (rows: ShownRows) => {
      setSpan(rows);
      if (count() > 0) source.show(placeAt(rows.first), placeAt(Math.max(rows.first, rows.last)));
    },
    /** Which rows are folded away, as a name: other folds are other rows. */
    folds: createMemo(() => (isNarrowed() ? '' : [...folded()].join(' '))),
    /** There are more commands than are told apart. */
    truncated: () => isLoaded(groupsFound) && groupsFound.data?.truncated === true,
    groupsFailed: () => (isLoaded(groupsFound) ? null : groupsFound.error),
    /** A command that is asked for and that the log does not have. */
    strayCommand: () =>
      props.place.command !== '' && isLoaded(groupsFound) && lines() > 0 && command() === null ? props.place.command : null,
    allFolded: () => groups().length > 0 && groups().every(({ id }) => folded().has(id)),
    foldAll: (fold: boolean) => {
      setFollow(false);
      setFolded(new Set(fold ? groups().map(({ id }) => id) : []));
    },
  };
};

export type LogDesk = ReturnType<typeof createDesk>;
