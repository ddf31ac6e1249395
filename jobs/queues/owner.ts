/** FNV-1a over UTF-16 units with a final mix, so that names that differ in one character are far apart; 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Which of these workers looks after a queue; null without any. Whoever asks with the same workers gets the same answer, each worker gets a like
 * share, and when one comes or goes only its own queues move (rendezvous hashing).
 */
export function ownerOf(queue: string, workers: readonly string[]): string | null {
  let owner: string | null = null;
  let highest = -1;
  for (const worker of workers) {
    const score = hashOf(`${worker} ${queue}`);
    if (score < highest || (score === highest && owner !== null && owner < worker)) continue;
    owner = worker;
    highest = score;
  }
  return owner;
}
