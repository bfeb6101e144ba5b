/* How long to wait before the next attempt to reconnect: doubling from half a second to eight, spread so that a hundred consoles
do not return in the same instant. */

export function waitBefore(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(8000, 500 * 2 ** Math.min(attempt, 10))
  return ceiling / 2 + (random() * ceiling) / 2
}
