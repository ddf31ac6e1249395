import { For, type JSX } from 'solid-js';
import { visible } from '../components/visible.ts';
import { type Block, type Inline, readMarkdown } from './read-markdown.ts';

/** A text in Markdown, drawn from text nodes alone: nothing in it becomes markup. */
export const Markdown = (props: { text: string }) => (
  <div class="flex max-w-column flex-col gap-3">
    <For each={readMarkdown(props.text)}>{(block) => <Part block={block} />}</For>
  </div>
);

const HEADINGS = ['text-section font-semibold', 'text-section font-semibold', 'font-semibold'] as const;

const Part = (props: { block: Block }): JSX.Element => {
  const { block } = props;
  switch (block.is) {
    case 'heading':
      return (
        <p role="heading" aria-level={Math.min(6, block.level + 2)} class={HEADINGS[block.level - 1] ?? 'font-semibold text-muted'}>
          <Words inner={block.inner} />
        </p>
      );
    case 'code':
      return (
        <pre class="max-h-80 overflow-auto rounded-control bg-log p-3 font-mono text-table" tabindex="0">
          {visible(block.text)}
        </pre>
      );
    case 'quote':
      return (
        <blockquote class="border-l-2 border-control pl-3 break-words whitespace-pre-line text-muted">
          <Words inner={block.inner} />
        </blockquote>
      );
    case 'list':
      return (
        <ul class={`break-words ${block.ordered ? 'list-decimal' : 'list-disc'} pl-5`}>
          <For each={block.items}>
            {({ depth, inner }) => (
              <li style={{ 'margin-left': `${depth * 20}px` }}>
                <Words inner={inner} />
              </li>
            )}
          </For>
        </ul>
      );
    case 'table':
      return <Grid block={block} />;
    case 'rule':
      return <hr class="border-hairline" />;
    default:
      return (
        <p class="break-words whitespace-pre-line">
          <Words inner={block.inner} />
        </p>
      );
  }
};

const Grid = (props: { block: Extract<Block, { is: 'table' }> }) => (
  <div class="relative overflow-x-auto">
    <table class="text-left text-table">
      <thead>
        <tr class="border-b border-control">
          <For each={props.block.head}>
            {(cell) => (
              <th class="px-2 py-1 font-semibold first:pl-0">
                <Words inner={cell} />
              </th>
            )}
          </For>
        </tr>
      </thead>
      <tbody>
        <For each={props.block.rows}>
          {(row) => (
            <tr class="border-b border-hairline">
              <For each={row}>
                {(cell) => (
                  <td class="px-2 py-1 first:pl-0">
                    <Words inner={cell} />
                  </td>
                )}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  </div>
);

const Words = (props: { inner: readonly Inline[] }): JSX.Element => <For each={props.inner}>{(piece) => <Piece piece={piece} />}</For>;

const Piece = (props: { piece: Inline }): JSX.Element => {
  const { piece } = props;
  switch (piece.is) {
    case 'strong':
      return (
        <strong class="font-semibold">
          <Words inner={piece.inner} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <Words inner={piece.inner} />
        </em>
      );
    case 'link':
      return (
        <a class="link" href={piece.href} target="_blank" rel="noreferrer noopener">
          <Words inner={piece.inner} />
        </a>
      );
    case 'code':
      return <code class="rounded-control bg-log px-1 font-mono text-table">{visible(piece.text)}</code>;
    default:
      return <bdi>{visible(piece.text)}</bdi>;
  }
};
