/* Times and durations as the screens show them: 03:12:44, 2′05″, 1h02′. The zone is the city's, given by the caller. */

const clocks = new Map<string, Intl.DateTimeFormat>()

function parts(ms: number, zone: string): Record<string, string> {
  let form = clocks.get(zone)
  if (!form) {
    form = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    })
    clocks.set(zone, form)
  }
  return Object.fromEntries(form.formatToParts(ms).map(({ type, value }) => [type, value]))
}

export const instant = (text: string): number => Date.parse(text)

export function clockTime(ms: number, zone: string): string {
  const { hour, minute, second } = parts(ms, zone)
  return `${hour}:${minute}:${second}`
}

export function calendarDay(ms: number, zone: string): string {
  const { year, month, day } = parts(ms, zone)
  return `${year}-${month}-${day}`
}

/** 45″, 2′05″, from an hour on 1h02′; negative with a sign. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '—'
  const sign = seconds < -0.5 ? '−' : ''
  const whole = Math.round(Math.abs(seconds))
  if (whole < 60) return `${sign}${whole}″`
  if (whole < 3600) return `${sign}${Math.floor(whole / 60)}′${String(whole % 60).padStart(2, '0')}″`
  return `${sign}${Math.floor(whole / 3600)}h${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}′`
}
