/* Keeps a screen that nobody touches from going dark, where the browser knows how (it wants HTTPS); elsewhere the machine is set so. */

export function keepScreenOn(): () => void {
  let held: WakeLockSentinel | null = null
  let wanted = true
  const hold = async (): Promise<void> => {
    if (!wanted || document.hidden || !('wakeLock' in navigator)) return
    try {
      held = await navigator.wakeLock.request('screen')
    } catch {
      held = null // refused, as on battery: the wall shows what it shows
    }
  }
  const seen = (): void => void hold()
  document.addEventListener('visibilitychange', seen)
  void hold()
  return () => {
    wanted = false
    document.removeEventListener('visibilitychange', seen)
    void held?.release().catch(() => undefined)
  }
}
