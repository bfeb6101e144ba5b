/* Sounds made on the spot (WebAudio), no files: one short tone by grade, and another figure for what asks until it is seen. */

import { isMuted, onFirstGesture, soundReady } from './sound'

type Note = [hertz: number, seconds: number]

const BY_GRADE: Record<number, Note[]> = {
  1: [[880, 0.14], [0, 0.06], [880, 0.14]],
  2: [[698, 0.16]],
  3: [[587, 0.14]],
  4: [[494, 0.1]],
}
const ASKING: Note[] = [[740, 0.16], [554, 0.16], [740, 0.16]]
const SOS: Note[] = [[988, 0.22], [659, 0.22], [988, 0.22], [659, 0.22], [988, 0.22]]
const ORDER: Note[] = [[784, 0.18], [988, 0.18], [0, 0.1], [784, 0.18], [988, 0.18]]

let context: AudioContext | null = null

onFirstGesture(() => {
  if (typeof AudioContext !== 'undefined') context ??= new AudioContext()
})

function play(notes: Note[], loudness: number, always = false): void {
  if ((isMuted.value && !always) || !soundReady.value || typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume()
  let at = context.currentTime + 0.02
  for (const [hertz, seconds] of notes) {
    if (hertz > 0) {
      const tone = context.createOscillator()
      const level = context.createGain()
      tone.frequency.value = hertz
      level.gain.setValueAtTime(0, at)
      level.gain.linearRampToValueAtTime(loudness, at + 0.015)
      level.gain.setValueAtTime(loudness, at + seconds - 0.03)
      level.gain.linearRampToValueAtTime(0, at + seconds)
      tone.connect(level).connect(context.destination)
      tone.start(at)
      tone.stop(at + seconds)
    }
    at += seconds
  }
}

export const toneOfGrade = (grade: number): void => play(BY_GRADE[grade] ?? BY_GRADE[4]!, 0.12)
export const askingTone = (): void => play(ASKING, 0.14)
/** An officer needs help: no mute holds it back. */
export const sosTone = (): void => play(SOS, 0.3, true)
export const orderTone = (): void => play(ORDER, 0.3, true)
