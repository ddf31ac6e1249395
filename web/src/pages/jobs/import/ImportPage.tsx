import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import { LIMITS } from '#jobs/limits.ts';
import { sendText } from '../../../api/client.ts';
import { createKeys } from '../../../api/key-of.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { formatBytes } from '../../../bytes.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { Field } from '../../../components/Field.tsx';
import { PlainText } from '../../../components/PlainText.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { Page } from '../../../frame/Page.tsx';
import { useSession } from '../../../session/session.tsx';
import { whenChanged } from '../../../solid.ts';
import type { ImportReport as Report } from '../views.ts';
import { t } from '../words.ts';
import {
  formatOfFile,
  IMPORT_FORMATS,
  type ImportChoices,
  type ImportFormat,
  importSearch,
  isForeign,
  joined,
  ON_CONFLICT,
  UNKNOWN,
  USUAL,
} from './choices.ts';
import { ImportReport } from './ImportReport.tsx';
import { keptImport } from './kept.ts';
import { LongText } from './LongText.tsx';

/** UTF-8 bytes that the server takes at once. */
const MOST_BYTES = LIMITS.importBytes;
/** Characters that are put into a box to edit; more of them are taken as they are. */
const EDITABLE = 500_000;

/** Typing is kept after this long without a key. */
const KEEP_MS = 500;

const TYPES = {
  yaml: 'application/yaml',
  ndjson: 'application/x-ndjson',
  'config-style': 'application/json',
  'step-type-style': 'application/json',
} as const satisfies Record<ImportFormat, string>;

interface Checked {
  readonly report: Report;
  /** Which of the states of text and choices it is of. */
  readonly of: number;
}

/** Takes over definitions from files or text: checked first, with what would become of each, then all of them or none. */
export const ImportPage = () => {
  const session = useSession();
  const queries = useQueryClient();
  const drawer = keptImport();
  const kept = drawer.read();
  const [text, setText] = createSignal(kept?.text ?? '');
  const [choices, setChoices] = createSignal<ImportChoices>(kept?.choices ?? USUAL);
  const [checked, setChecked] = createSignal<Checked>();
  const [problem, setProblem] = createSignal<Error>();
  const [busy, setBusy] = createSignal<'check' | 'import'>();
  const [isOver, setIsOver] = createSignal(false);
  // Long texts are not compared with each other: every change counts.
  const state = createMemo((count: number) => {
    text();
    choices();
    return count + 1;
  }, 0);
  const keys = createKeys();
  let keeping: ReturnType<typeof setTimeout> | undefined;
  const lacks = () => (session.may('job:edit') ? undefined : 'job:edit');
  const isStale = () => checked() !== undefined && !checked()?.report.saved && checked()?.of !== state();
  const ready = () => {
    const found = checked();
    if (!found || found.report.saved || isStale() || found.report.counts.bad > 0) return 0;
    const { created, updated, renamed } = found.report.counts;
    return created + updated + renamed;
  };
  const choose = (part: Partial<ImportChoices>) => setChoices((all) => ({ ...all, ...part }));
  const isEditable = () => text().length <= EDITABLE;

  const keep = () => drawer.keep(checked()?.report.saved && checked()?.of === state() ? null : { text: text(), choices: choices() });
  whenChanged(
    () => [state(), checked()],
    () => {
      clearTimeout(keeping);
      keeping = setTimeout(keep, KEEP_MS);
    },
    'later',
  );
  const keepNow = () => {
    clearTimeout(keeping);
    keep();
  };
  addEventListener('pagehide', keepNow);
  onCleanup(() => {
    removeEventListener('pagehide', keepNow);
    keepNow();
  });

  const take = async (files: readonly File[]) => {
    const [first] = files;
    if (!first) return;
    // Before a byte of them is read.
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size > MOST_BYTES) return setProblem(new Error(t('import.too_long', formatBytes(size), formatBytes(MOST_BYTES))));
    setProblem(undefined);
    choose({ format: isForeign(choices().format) ? choices().format : formatOfFile(first.name) });
    const texts = await Promise.all(
      files.map((file) =>
        file.text().catch(() => {
          toast({ says: t('import.unreadable', file.name), failed: true });
          return '';
        }),
      ),
    );
    setText(joined(texts, choices().format));
  };

  const ask = async (dryRun: boolean) => {
    const of = state();
    setBusy(dryRun ? 'check' : 'import');
    setProblem(undefined);
    try {
      const sent = new Blob([text()]).size;
      if (sent > MOST_BYTES) throw new Error(t('import.too_long', formatBytes(sent), formatBytes(MOST_BYTES)));
      const report = await sendText<Report>(
        `/jobs/import?${importSearch(choices(), dryRun)}`,
        text(),
        TYPES[choices().format],
        dryRun ? undefined : keys.of(String(of)),
      );
      setChecked({ report, of });
      if (!dryRun) {
        // The same text once more is another import.
        keys.done(String(of));
        const { created, updated, renamed } = report.counts;
        toast({ says: t('import.done', created + updated + renamed) });
        await queries.invalidateQueries({ queryKey: ['jobs'] });
      }
    } catch (error) {
      setProblem(error as Error);
    }
    setBusy(undefined);
  };

  const barred = () => (text().trim() === '' ? t('import.nothing_yet') : undefined);

  return (
    <Page title={t('import.title')} trail={[{ word: t('jobs.title'), href: '/jobs' }]} state={t('import.says')}>
      <div class="mt-6 flex max-w-wide flex-col gap-4">
        <div class="grid grid-cols-2 gap-4 max-md:grid-cols-1">
          <Field label={t('import.files')} hint={t('import.files_hint')}>
            {(ties) => (
              <input
                {...ties()}
                class="input"
                type="file"
                multiple
                accept=".yaml,.yml,.json,.ndjson,.jsonl,text/plain"
                onChange={(event) => void take([...(event.currentTarget.files ?? [])])}
              />
            )}
          </Field>
          <Choice label={t('import.format')} chosen={choices().format} choose={(format) => choose({ format })} all={IMPORT_FORMATS}>
            {(one) => t(`import.format_${one}`)}
          </Choice>
          <Choice label={t('import.conflict')} chosen={choices().conflict} choose={(conflict) => choose({ conflict })} all={ON_CONFLICT}>
            {(one) => t(`import.conflict_${one}`)}
          </Choice>
          <Show when={isForeign(choices().format)}>
            <Choice label={t('import.unknown')} chosen={choices().unknown} choose={(unknown) => choose({ unknown })} all={UNKNOWN}>
              {(one) => t(`import.unknown_${one}`)}
            </Choice>
          </Show>
        </div>
        <Show when={isEditable()} fallback={<LongText text={text()} discard={() => setText('')} />}>
          <Field label={t('import.text')}>
            {(ties) => (
              <textarea
                {...ties()}
                class={`input h-64 font-mono text-table ${isOver() ? 'bg-selected' : ''}`}
                spellcheck={false}
                value={text()}
                onInput={(event) => setText(event.currentTarget.value)}
                onDragOver={(event) => {
                  event.preventDefault();
                  setIsOver(true);
                }}
                onDragLeave={() => setIsOver(false)}
                onDrop={(event) => {
                  setIsOver(false);
                  const files = [...(event.dataTransfer?.files ?? [])];
                  if (files.length === 0) return;
                  event.preventDefault();
                  void take(files);
                }}
              />
            )}
          </Field>
        </Show>
        <div class="flex flex-wrap items-center gap-2">
          <ActionButton
            words={t('import.check')}
            busyWords={t('import.checking')}
            busy={busy() === 'check'}
            look={ready() > 0 ? 'plain' : 'main'}
            lacks={lacks()}
            barred={barred()}
            run={() => void ask(true)}
          />
          <Show when={ready() > 0}>
            <ActionButton
              words={t('import.act', ready())}
              busyWords={t('import.importing')}
              busy={busy() === 'import'}
              look="main"
              lacks={lacks()}
              run={() => void ask(false)}
            />
          </Show>
          <p class="min-w-0 text-muted" role="status">
            {said(checked()?.report, isStale(), ready())}
          </p>
        </div>
        <Show when={problem()}>{(error) => <Refused error={error()} />}</Show>
      </div>
      <Show when={!isStale() && checked()}>
        {(found) => (
          <div class="mt-6">
            <ImportReport report={found().report} />
          </div>
        )}
      </Show>
    </Page>
  );
};

const said = (report: Report | undefined, isStale: boolean, ready: number): string => {
  if (!report) return '';
  if (isStale) return t('import.stale');
  if (report.saved) return t('import.done', report.counts.created + report.counts.updated + report.counts.renamed);
  if (report.counts.bad > 0) return t('import.bad', report.counts.bad);
  return ready === 0 ? t('import.nothing') : '';
};

const Refused = (props: { error: Error }) => (
  <div role="alert" class="rounded-control bg-failure px-3 py-2 break-words">
    <p>
      <PlainText text={props.error.message} />
    </p>
    <Show when={props.error instanceof ApiProblem ? props.error.problems.slice(0, 20) : []}>
      {(problems) => (
        <ul class="list-disc pl-6">
          <For each={problems()}>
            {({ message }) => (
              <li>
                <PlainText text={message} first={400} />
              </li>
            )}
          </For>
        </ul>
      )}
    </Show>
  </div>
);

const Choice = <W extends string>(props: {
  label: string;
  all: readonly W[];
  chosen: W;
  choose: (one: W) => void;
  children: (one: W) => JSX.Element;
}) => (
  <Field label={props.label}>
    {(ties) => (
      <select
        {...ties()}
        class="input"
        onChange={(event) => {
          const one = props.all[event.currentTarget.selectedIndex];
          if (one !== undefined) props.choose(one);
        }}
      >
        <For each={props.all}>
          {(one) => (
            <option value={one} selected={one === props.chosen}>
              {props.children(one)}
            </option>
          )}
        </For>
      </select>
    )}
  </Field>
);
