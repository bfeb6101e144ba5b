/* How much the head of the room gives up so that all of it stays in view: by its measured width, since words, roles and figures differ in
length. It gives up one thing after another and takes them back only when the window or the words change: nothing jumps with a figure. */

import { nextTick, onMounted, ref, watch, type Ref, type WatchSource } from 'vue'

/** In the order in which they are given up; each is a class of the header. */
export const GIVEN_UP = ['close', 'links-in-menu', 'no-kinds', 'small-figures', 'one-reach'] as const

/** The classes in force. `afresh` begins again from nothing given up; `longer` only ever gives up more. */
export function useFitting(header: Ref<HTMLElement | undefined>, afresh: WatchSource[], longer: WatchSource[]): Ref<string[]> {
  const given = ref<string[]>([])
  let measuring = false // two at once would each give up something for one lack of room

  async function giveUp(): Promise<void> {
    const head = header.value
    if (measuring || !head) return
    measuring = true
    await nextTick()
    while (head.scrollWidth > head.clientWidth && given.value.length < GIVEN_UP.length) {
      given.value = GIVEN_UP.slice(0, given.value.length + 1)
      await nextTick()
    }
    measuring = false
  }
  function begin(): void {
    given.value = []
    void giveUp()
  }

  watch(afresh, begin, { flush: 'post' })
  watch(longer, () => void giveUp(), { flush: 'post' })
  onMounted(() => {
    begin()
    document.fonts?.ready.then(giveUp)
  })
  return given
}
