/* Names of coded things in the user's language: enumerations from the catalogue, kinds, tiers and beats from the plan in force. */

import { useI18n } from 'vue-i18n'
import { englishName, englishPlace } from '@/state/englishNames'
import { beatOf, kindOf, picture, tierOf } from '@/state/picture'

interface Named { name: string; name_en: string }

export function useWords() {
  const { t, te, locale } = useI18n()
  const named = (thing: Named | undefined, otherwise: string): string => (thing ? (locale.value === 'en' && thing.name_en) || thing.name : otherwise)
  return {
    t,
    te,
    locale,
    /** Word of an enumeration's value, such as `word('status.unit', 'en_route')`. */
    word: (group: string, value: string): string => (te(`${group}.${value}`) ? t(`${group}.${value}`) : t('unknown')),
    /** What an incident is called in lists: an officer's call for help is that before it is any kind. */
    title: (incident: { origin: string; kind: string }): string => (incident.origin === 'officer_help' ? t('origin.officer_help') : named(kindOf(incident.kind), t('kind.unknown'))),
    /** Several names in one line. */
    list: (names: readonly string[]): string => names.join(locale.value === 'en' ? ', ' : '、'),
    kind: (code: string): string => named(kindOf(code), t('kind.unknown')),
    tier: (id: string): string => named(tierOf(id), t('tier.rest')),
    beat: (id: string | null): string => named(beatOf(id), '—'),
    /** Where an incident is: its words, else its road, else its beat. */
    placeName: (place: { text: string; road: string; beat: string | null }): string => {
      const beat = beatOf(place.beat)
      if (locale.value === 'en' && (place.text || place.road)) return englishPlace(place.text, place.road)
      return place.text || place.road || (beat ? t('incident.inBeat', { beat: named(beat, '') }) : t('incident.noPlaceName'))
    },
    /** A road or place by its name. */
    road: (name: string): string => (locale.value === 'en' ? englishName(name) : name),
    /** Who follows: a known code's word, else the plan's own text. */
    follower: (who: string): string => (te(`follower.${who}`) ? t(`follower.${who}`) : who),
    /** Who goes on with a closed incident, and with what where that may be seen. */
    followedUp: ({ by, text }: { by: string; text: string }): string => (text ? t('followUp.told', { who: t(`follower.${by}`), text }) : t(`follower.${by}`)),
    /** A capability's word, else the plan's own text. */
    capability: (code: string): string => (te(`capability.${code}`) ? t(`capability.${code}`) : code),
    /** An area of an alarm: `beat:B1`, `tier:key`. */
    area: (id: string): string => (id.startsWith('tier:') ? named(tierOf(id.slice(5)), t('tier.rest')) : named(beatOf(id.slice(5)), id.slice(5))),
    /** A post: `platform:P1`, `home`, `cover`. */
    post: (id: string): string => (id.startsWith('platform:') ? named(picture.value?.plan.platforms.find((each) => each.id === id.slice(9)), t('unit.platform')) : te(`post.${id}`) ? t(`post.${id}`) : t('unknown')),
    either: (thing: Named): string => named(thing, '—'),
  }
}
