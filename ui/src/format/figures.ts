/* Distances, shares and counts. A share is never shown without what it was counted from. */

export function distance(metres: number | null | undefined): string {
  if (metres === null || metres === undefined || !Number.isFinite(metres)) return '—'
  if (metres < 995) return `${Math.round(metres)} m`
  return metres < 99_950 ? `${(metres / 1000).toFixed(1)} km` : `${Math.round(metres / 1000)} km`
}

/** 94 %; a share that is not whole is never rounded up to 100 or down to 0. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return '—'
  const whole = Math.round(share * 100)
  if (whole === 100 && share < 1) return '>99 %'
  if (whole === 0 && share > 0) return '<1 %'
  return `${whole} %`
}

export function counted(share: { met: number; of: number; share: number | null }): string {
  return share.of === 0 ? '— (0/0)' : `${percent(share.share)} (${share.met}/${share.of})`
}

/** Percentage points of loss, −0.4; a tiny but real loss reads <0.1. */
export function points(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return '—'
  if (share === 0) return '0'
  const value = Math.abs(share * 100)
  if (value < 0.05) return share > 0 ? '<0.1' : '+<0.1'
  return `${share > 0 ? '−' : '+'}${value.toFixed(1)}`
}
