/* Finding a kind by its letters, its name or its English name; the more exact first. Pure. */

import type { KindView } from '@/api/types'

export function findKinds(kinds: readonly KindView[], typed: string, most = 8): KindView[] {
  const q = typed.trim().toLowerCase()
  if (!q) return []
  const rank = (kind: KindView): number => {
    const letters = kind.letters.toLowerCase()
    if (letters === q || kind.name === q) return 0
    if (letters.startsWith(q)) return 1
    if (kind.name.startsWith(q)) return 2
    if (kind.name.includes(q)) return 3
    const english = kind.name_en.toLowerCase()
    if (english.startsWith(q)) return 4
    return q.length >= 3 && english.includes(q) ? 5 : 9
  }
  return kinds
    .map((kind) => ({ kind, at: rank(kind) }))
    .filter(({ at }) => at < 9)
    .sort((a, b) => a.at - b.at || a.kind.letters.length - b.kind.letters.length || a.kind.grade - b.kind.grade)
    .slice(0, most)
    .map(({ kind }) => kind)
}
