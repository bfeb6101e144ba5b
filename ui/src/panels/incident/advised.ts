/* Whether an order was what had been advised. Pure. */

import type { AdvisedOrder } from '@/api/types'

/** Null where no advice stood on the screen (or none is kept). */
export function asAdvised(order: AdvisedOrder): boolean | null {
  if (!order.advice) return null
  const proposed = order.advice.candidates.filter((c) => c.order !== null).map(({ unit }) => unit)
  return proposed.length === order.units.length && order.units.every(({ unit }) => proposed.includes(unit))
}

/** The order that a log entry belongs to: units of one order are logged one after the other from its number on. */
export function orderAt(orders: readonly AdvisedOrder[], seq: number, unit: string): AdvisedOrder | undefined {
  return orders.filter((each) => each.seq <= seq && each.units.some((u) => u.unit === unit)).sort((a, b) => b.seq - a.seq)[0]
}
