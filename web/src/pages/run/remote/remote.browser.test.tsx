import { createSignal } from 'solid-js';
import { expect, test } from 'vitest';
import type { CommandView, ConnectionView, TransferView } from '../../../api/views.ts';
import { draw, expectAccessible } from '../../../testing/draw.tsx';
import { CommandList } from './CommandList.tsx';
import { ConnectionList } from './ConnectionList.tsx';
import { TransferList } from './TransferList.tsx';

const command = (number: number, more: Partial<CommandView> = {}): CommandView => ({
  attempt: 1,
  number,
  target: 'edge-1',
  command: `show interface ${number}`,
  output: 'GigabitEthernet0/1 is up\n',
  error: '',
  exit_code: 0,
  executed_at: '2026-10-25T01:00:03Z',
  duration_ms: 1200,
  parsed: null,
  ...more,
});

const file = (more: Partial<TransferView> = {}): TransferView => ({
  attempt: 1,
  number: 1,
  target: 'edge-1',
  operation_type: 'upload',
  local_path: '/srv/images/a-very-long-directory-name/image.bin',
  remote_path: '/flash/image.bin',
  file_size: 100 * 1024 ** 2,
  bytes_transferred: 25 * 1024 ** 2,
  transfer_rate_bps: 5 * 1024 ** 2 * 8,
  status: 'running',
  started_at: '2026-10-25T01:00:03Z',
  completed_at: null,
  error_message: null,
  resumed_from: 1024 ** 2,
  sha256: null,
  ...more,
});

const connection: ConnectionView = {
  session_id: 's-1',
  target: 'edge-1',
  host: '2001:db8::1',
  port: 2222,
  username: 'ops',
  server_version: 'SSH-2.0-OpenSSH_9.2',
  host_key_fingerprint: 'SHA256:mZ0b1hQ0a1L0iWJwGfXq6mO3rJ8mQX0mJb6hKp5y1aM',
  hops: [{ target: 'jump-1', host: '10.0.0.1', port: 22 }],
  connection_established_at: '2026-10-25T01:00:03Z',
  connection_closed_at: null,
  close_reason: null,
  commands_executed: 3,
  files_transferred: 1,
  total_bytes_transferred: 4096,
};

test('each command says how it ended and how long it took; what it said waits behind it', async () => {
  const box = draw(() => (
    <CommandList
      active={false}
      commands={[command(1), command(2, { exit_code: 3, error: 'no such interface' }), command(3, { exit_code: null })]}
    />
  ));
  const items = [...box.querySelectorAll('li')];
  expect(items.map((item) => item.querySelector('summary')?.textContent)).toEqual([
    'show interface 1exit 01 s',
    'show interface 2exit 31 s',
    'show interface 3no exit code1 s',
  ]);
  expect(box.querySelectorAll('details[open]')).toHaveLength(0);
  items[1]?.querySelector('summary')?.click();
  await expect.poll(() => items[1]?.querySelector('pre[aria-label^=Error]')?.checkVisibility()).toBe(true);
  await expectAccessible(box);
});

test('a command without an end is running as long as its step is', async () => {
  const [active, setActive] = createSignal(true);
  const box = draw(() => <CommandList active={active()} commands={[command(1, { exit_code: null, duration_ms: null })]} />);
  expect(box.querySelector('[role=img]')?.getAttribute('aria-label')).toBe('Running');
  await expectAccessible(box);
  setActive(false);
  await expect.poll(() => box.textContent).toContain('no exit code');
});

test('a command that was opened stays open while others arrive', async () => {
  const [commands, setCommands] = createSignal<readonly CommandView[]>([command(1)]);
  const box = draw(() => <CommandList active={false} commands={commands()} />);
  const first = box.querySelector('details');
  expect(first?.open).toBe(true);
  setCommands([{ ...command(1) }, command(2)]);
  await expect.poll(() => box.querySelectorAll('li').length).toBe(2);
  expect(box.querySelector('details')).toBe(first);
  expect([...box.querySelectorAll('details')].map(({ open }) => open)).toEqual([true, false]);
});

test('a single command is open, and its rows are a table with fields as heads', async () => {
  const parsed = [
    { interface: 'Gi0/1', vlans: ['1', '2'] },
    { interface: 'Gi0/2', vlans: [] },
  ];
  const box = draw(() => <CommandList active={false} commands={[command(1, { parsed, output: '' })]} />);
  expect([...box.querySelectorAll('th')].map((head) => head.textContent)).toEqual(['interface', 'vlans']);
  expect([...box.querySelectorAll('td')].map((cell) => cell.textContent)).toEqual(['Gi0/1', '1, 2', 'Gi0/2', '']);
  await expectAccessible(box);
});

test('parsed output that is no table is shown as JSON, and silence is said', () => {
  const box = draw(() => <CommandList active={false} commands={[command(1, { parsed: { diff: 'x' }, output: '' })]} />);
  expect(box.querySelector('pre')?.textContent).toContain('"diff": "x"');
  const silent = draw(() => <CommandList active={false} commands={[command(1, { output: '' })]} />);
  expect(silent.textContent).toContain('No output.');
});

test('a file on its way shows how far, how fast and how long still, and changes in its place', async () => {
  const [files, setFiles] = createSignal<readonly TransferView[]>([file()]);
  const box = draw(() => <TransferList files={files()} />);
  expect(box.textContent).toContain('25 MiB of 100 MiB');
  expect(box.textContent).toContain('5 MiB/s');
  expect(box.textContent).toContain('15 s left');
  expect(box.textContent).toContain('went on at 1 MiB');
  expect(box.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBe('25');
  await expectAccessible(box);
  setFiles([file({ status: 'completed', bytes_transferred: 100 * 1024 ** 2, sha256: 'ab'.repeat(32) })]);
  await expect.poll(() => box.textContent).toContain('Completed');
  expect(box.querySelector('[role=progressbar]')).toBeNull();
  expect(box.textContent).not.toContain(' of ');
  await expectAccessible(box);
});

test('a failed file says why, and nothing is wider than a phone', async () => {
  const box = draw(() => (
    <div style={{ width: '328px' }}>
      <TransferList files={[file({ status: 'failed', error_message: '/flash: no space left on device' })]} />
      <CommandList active={false} commands={[command(1, { command: 'x'.repeat(300), parsed: [{ a: 'y'.repeat(300) }] })]} />
      <ConnectionList connections={[connection]} />
    </div>
  ));
  expect(box.textContent).toContain('no space left on device');
  expect(box.scrollWidth).toBeLessThanOrEqual(box.clientWidth);
  expect((box.firstElementChild as HTMLElement).scrollWidth).toBeLessThanOrEqual(328);
  await expectAccessible(box);
});

test('a connection says to whom, over what, how long, and what went over it', async () => {
  const box = draw(() => <ConnectionList connections={[connection]} />);
  expect(box.textContent).toContain('ops@[2001:db8::1]:2222');
  expect(box.textContent).toContain('over jump-1');
  expect(box.textContent).toContain('open');
  expect(box.textContent).toContain('3 commands, 1 file, 4 KiB');
  await expectAccessible(box);
});
