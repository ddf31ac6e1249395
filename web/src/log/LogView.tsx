import Copy from 'lucide-solid/icons/copy';
import Download from 'lucide-solid/icons/download';
import Maximize from 'lucide-solid/icons/maximize';
import Minimize from 'lucide-solid/icons/minimize';
import WrapText from 'lucide-solid/icons/text-wrap';
import { createSignal, onCleanup, Show } from 'solid-js';
import { hasEndedBadly, type StepStatus } from '#jobs/run-state.ts';
import { useActions } from '../actions/actions.tsx';
import { API } from '../api/client.ts';
import { Fetched } from '../components/Fetched.tsx';
import { IconButton } from '../components/IconButton.tsx';
import { createEffect } from '../solid.ts';
import type { HistoryEntry } from '../url/use-search-state.ts';
import { grouped } from '../words/counted.ts';
import './log.css';
import { aloneOnScreen } from './alone-on-screen.ts';
import { createChoosing } from './choosing.ts';
import { createCopying } from './copying.ts';
import { createDesk } from './desk.ts';
import type { Stretch } from './folds.ts';
import { isGrowing } from './growing.ts';
import { Lines } from './Lines.tsx';
import { LogFilters } from './LogFilters.tsx';
import { LogFoot } from './LogFoot.tsx';
import { LogRow } from './LogRow.tsx';
import { LogSearchBar } from './LogSearchBar.tsx';
import { type LogPlace, searchQuery, WHOLE_LOG } from './place.ts';
import { createKeptRows } from './selected-text.ts';
import { logPath } from './source.ts';
import { t } from './words.ts';

/** A log is opened for its first error when its step failed, else for its end. */
const opensAt = (status: StepStatus): 'end' | 'error' => (hasEndedBadly(status) || status === 'waiting' ? 'error' : 'end');

/** Why a log has no lines. */
const emptyWords = (status: StepStatus): string => {
  if (isGrowing(status)) return t('log.none_yet');
  return status === 'lost' ? t('log.none_lost') : t('log.none');
};

interface LogViewProps {
  readonly run: string;
  readonly step: string;
  /** Of the step: whether more will be written, and where the log opens. */
  readonly status: StepStatus;
  /** Class of the box's height. */
  readonly height: string;
  /** When the step began, for times since then. */
  readonly start?: string | null;
  /** With all tools, for a log that has the page to itself; where it stands is then kept by whoever shows it. */
  readonly whole?: {
    readonly place: LogPlace;
    readonly setPlace: (part: Partial<LogPlace>, entry?: HistoryEntry) => void;
    readonly chosen: Stretch | null;
    readonly choose: (lines: Stretch | null) => void;
  };
}

/** A step's log by line number: only what is looked at is loaded and drawn, however long it is; it follows the end until the reader scrolls up. */
export const LogView = (props: LogViewProps) => {
  const [ownPlace, setOwnPlace] = createSignal(WHOLE_LOG);
  const [ownChosen, setOwnChosen] = createSignal<Stretch | null>(null);
  const place = () => props.whole?.place ?? ownPlace();
  const setPlace = (part: Partial<LogPlace>, entry?: HistoryEntry) =>
    props.whole ? props.whole.setPlace(part, entry) : setOwnPlace((now) => ({ ...now, ...part }));
  const chosen = () => (props.whole ? props.whole.chosen : ownChosen());
  const choose = (lines: Stretch | null) => (props.whole ? props.whole.choose(lines) : setOwnChosen(lines));
  const [full, setFull] = createSignal(false);
  let box: HTMLDivElement | undefined;
  let section!: HTMLElement;
  createEffect(() => {
    if (!full()) return;
    const leave = aloneOnScreen(section, () => setFull(false));
    box?.focus();
    onCleanup(leave);
  });
  let input: HTMLInputElement | undefined;

  const desk = createDesk({
    get run() {
      return props.run;
    },
    get step() {
      return props.step;
    },
    get opensAt() {
      return opensAt(props.status);
    },
    get place() {
      return place();
    },
    get chosen() {
      return chosen();
    },
    choose,
  });
  const { source, search } = desk;
  const kept = createKeptRows(() => box);

  const choosing = createChoosing({
    chosen,
    choose: (lines) => {
      desk.setFollow(false);
      choose(lines);
    },
    lines: source.lines,
    top: desk.topLine,
    beside: (line, by) => {
      const row = desk.rowOfLine(line);
      return row === null ? line : (desk.numberOf(Math.max(0, Math.min(desk.count() - 1, row + by))) ?? line);
    },
  });

  const copying = createCopying({
    run: () => props.run,
    step: () => props.step,
    desk,
    chosen,
    box: () => box,
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const isFind = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'f';
    if (isFind && input) {
      input.focus();
      input.select();
    } else if (!choosing.key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const download = () => {
    const link = document.createElement('a');
    link.href = `${API}${logPath(props.run, props.step)}/text?${desk.filter()}`;
    link.download = '';
    link.click();
  };

  useActions(() =>
    props.whole === undefined
      ? []
      : [
          { id: 'log.search', words: t('log.search'), key: '/', run: () => input?.focus() },
          { id: 'log.wrap', words: t('log.wrap'), key: 'w', run: () => setPlace({ wrap: !place().wrap }, 'none') },
          { id: 'log.full', words: t(full() ? 'log.leave_full' : 'log.full'), key: 'f', run: () => setFull(!full()) },
          { id: 'log.end', words: t('log.end'), key: 'G', run: desk.goToEnd },
          { id: 'log.start', words: t('log.start'), key: 'g g', run: desk.goToStart },
          ...(searchQuery(place()) === null
            ? []
            : [
                { id: 'log.next_hit', words: t('log.next_hit'), key: 'n', run: () => search.go('next') },
                { id: 'log.previous_hit', words: t('log.previous_hit'), key: 'N', run: () => search.go('previous') },
              ]),
          { id: 'log.next_error', words: t('log.next_error'), key: 'e', run: () => void desk.goToError('next') },
          { id: 'log.previous_error', words: t('log.previous_error'), key: 'E', run: () => void desk.goToError('previous') },
          { id: 'log.copy', words: copying.words(), run: () => void copying.start() },
          { id: 'log.download', words: t(desk.isNarrowed() ? 'log.download_some' : 'log.download'), run: download },
        ],
  );

  const hitOf = (n: number | undefined): 'current' | 'line' | null => {
    if (n === undefined) return null;
    if (n === search.standing()?.line) return 'current';
    return desk.hits().has(n) || (n === desk.target() && chosen() === null) ? 'line' : null;
  };
  const row = (at: number) => (
    <LogRow
      n={desk.numberOf(at)}
      line={desk.lineOf(at)}
      wrap={place().wrap}
      time={place().time}
      start={props.start ?? null}
      selected={isWithin(desk.numberOf(at), chosen())}
      hit={hitOf(desk.numberOf(at))}
      find={place().regexp ? '' : place().find}
      matchCase={place().case}
      begins={desk.beginsAt(at)}
      group={desk.groupAt(at)}
    />
  );

  return (
    <section
      class={`@container flex flex-col overflow-hidden border-hairline bg-log ${full() ? 'fixed inset-0 z-40' : `rounded-control border ${props.height}`}`}
      style={{ '--gutter': `${grouped(source.lines()).length + 1}ch` }}
      aria-label={t('log.label', props.step)}
      onClick={(event) => {
        const number = (event.target as Element).closest<HTMLElement>('[data-number]')?.dataset.number;
        if (number !== undefined) choosing.click(Number(number), event.shiftKey);
      }}
      ref={section}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !full()) return;
        event.stopPropagation();
        setFull(false);
      }}
    >
      <Show when={props.whole}>
        <div class="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 border-b border-hairline bg-bg0 px-3 py-2 text-table">
          <LogFilters
            place={place()}
            setPlace={setPlace}
            groups={desk.groups()}
            truncated={desk.truncated()}
            failed={desk.groupsFailed()}
          />
          <LogSearchBar
            place={place()}
            setPlace={setPlace}
            search={search}
            ref={(element) => {
              input = element;
            }}
            leave={() => box?.focus()}
          />
          <div class="flex items-center gap-1">
            <IconButton label={t(desk.isNarrowed() ? 'log.download_some' : 'log.download')} press={download}>
              <Download size={16} />
            </IconButton>
            <IconButton label={copying.words()} busy={copying.isBusy() && t('log.copying')} press={() => void copying.start()}>
              <Copy size={16} />
            </IconButton>
            <IconButton label={t('log.wrap')} pressed={place().wrap} press={() => setPlace({ wrap: !place().wrap }, 'none')}>
              <WrapText size={16} />
            </IconButton>
            <IconButton label={t(full() ? 'log.leave_full' : 'log.full')} press={() => setFull(!full())}>
              <Show when={full()} fallback={<Maximize size={16} />}>
                <Minimize size={16} />
              </Show>
            </IconButton>
          </div>
        </div>
      </Show>
      <Show when={desk.strayCommand()}>
        {(id) => (
          <p class="border-b border-hairline bg-warning px-3 py-1 text-table" role="status">
            {t('log.command_gone', id())}
          </p>
        )}
      </Show>
      <div class="flex min-h-0 flex-1 flex-col [&>[role=alert]]:px-4 [&>p]:px-4">
        <Fetched
          query={source.opening}
          skeleton="min-h-0 flex-1 px-4"
          cancel={source.cancel}
          isEmpty={() => desk.count() === 0}
          empty={
            <div class="flex flex-1 flex-wrap items-start gap-x-4 gap-y-2 p-4 text-muted">
              <Show when={desk.isNarrowed()} fallback={<p>{emptyWords(props.status)}</p>}>
                <Show when={source.looking()} fallback={<p>{t('log.none_match')}</p>}>
                  {(scanned) => <p role="status">{t('log.looking', scanned())}</p>}
                </Show>
                <button type="button" class="link" onClick={() => setPlace({ attempt: null, streams: [], level: 'debug', command: '' })}>
                  {t('log.show_all')}
                </button>
              </Show>
            </div>
          }
        >
          {() => (
            <Lines
              label={t('log.label', props.step)}
              of={`${props.run} ${props.step} ${desk.filter()} ${desk.folds()}`}
              count={desk.count()}
              row={row}
              wrap={place().wrap}
              jump={desk.jump()}
              follow={desk.follow()}
              setFollow={desk.setFollow}
              shown={desk.shown}
              kept={kept()}
              ref={(element) => {
                box = element;
              }}
              onKeyDown={onKeyDown}
              onCopy={copying.onCopy}
            />
          )}
        </Fetched>
      </div>
      <LogFoot
        desk={desk}
        status={props.status}
        whole={props.whole !== undefined}
        place={place()}
        setPlace={setPlace}
        copy={copying.start}
        copyWords={copying.words()}
        copying={copying.isBusy()}
      />
    </section>
  );
};

const isWithin = (n: number | undefined, lines: Stretch | null): boolean =>
  n !== undefined && lines !== null && n >= lines.from && n <= lines.to;
