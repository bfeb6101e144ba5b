/* The words of the screens. Every key stands in both languages; a test walks them. */

import { createI18n } from 'vue-i18n'
import { preferences } from '@/state/preferences'
import { en } from './en'
import { zh } from './zh'

export const i18n = createI18n({ legacy: false, locale: preferences.locale, fallbackLocale: 'zh', messages: { zh, en } })
