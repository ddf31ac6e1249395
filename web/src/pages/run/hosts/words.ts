import { grouped, plural } from '../../../words/counted.ts';
import { speak } from '../../../words/speak.ts';

/** The words of hosts × steps. */
export const t = speak({
  'hosts.caption': 'Hosts and steps',
  'hosts.host': 'Host',
  'hosts.totals': 'All hosts',
  'hosts.count': (count: number) => plural(count, 'host', 'hosts'),
  'hosts.some': (shown: number, all: number) => `${grouped(shown)} of ${plural(all, 'host', 'hosts')}`,
  'hosts.none': 'No step of this run was carried out on a host or for an item yet.',
  'hosts.tag': 'Host tag',
  'hosts.all_tags': 'All host tags',
  'hosts.sort': 'Worst first again',
  'hosts.sorted': 'They stand so.',
  'hosts.cell': (step: string, host: string, status: string) => `${step} on ${host}: ${status}`,
  'hosts.absent': (step: string, host: string) => `${step} on ${host}: not a part of this run`,
  'hosts.carried': 'carried over from an earlier run',
  'hosts.attempt': (number: number) => `attempt ${grouped(number)}`,
  'hosts.of_several': (count: number) => `the worst of ${grouped(count)}`,
  'hosts.done': (ended: number, all: number) => `${grouped(ended)}/${grouped(all)}`,
  'hosts.hint': 'Enter opens the log.',
  'hosts.legend': 'dashed: carried over from an earlier run',
});
