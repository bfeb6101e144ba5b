/* The order of the units' list: free ones first, then by call sign. Call signs seldom change and are costly to compare, statuses change
all the time: the one order is kept, the other is a walk along it. */

import type { UnitView } from '@/api/types'

const STATUS_ORDER = ['available', 'ordered', 'en_route', 'on_scene', 'busy_other', 'out_of_service', 'off_duty']
const signs = new Intl.Collator('zh', { numeric: true })

export function unitOrder(): (units: ReadonlyMap<string, UnitView>) => UnitView[] {
  let ids: string[] = []
  let called = new Map<string, string>()

  function bySign(units: ReadonlyMap<string, UnitView>): string[] {
    let same = units.size === called.size
    if (same) for (const [id, unit] of units) same &&= called.get(id) === unit.call_sign
    if (same) return ids
    called = new Map([...units].map(([id, unit]) => [id, unit.call_sign]))
    ids = [...called.keys()].sort((a, b) => signs.compare(called.get(a)!, called.get(b)!))
    return ids
  }

  return (units) => {
    const groups = new Map<string, UnitView[]>(STATUS_ORDER.map((status) => [status, []]))
    const others: UnitView[] = []
    for (const id of bySign(units)) {
      const unit = units.get(id)!
      ;(groups.get(unit.status) ?? others).push(unit)
    }
    return [others, ...groups.values()].flat()
  }
}
