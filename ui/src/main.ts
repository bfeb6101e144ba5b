/* Starts the screens: words, pages, theme. */

import { createApp, watchEffect } from 'vue'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './style/tokens.css'
import './style/base.css'
import App from './App.vue'
import { i18n } from './locales'
import { router } from './pages/router'
import { startTicking } from './state/cityClock'
import { preferences } from './state/preferences'
import { onSessionEnd } from './state/session'

watchEffect(() => {
  const root = document.documentElement
  root.dataset.theme = preferences.theme
  root.classList.toggle('dark', preferences.theme === 'dark')
  root.lang = preferences.locale === 'zh' ? 'zh-CN' : 'en'
  i18n.global.locale.value = preferences.locale
})

startTicking()
onSessionEnd(() => void router.push({ name: 'signin', query: { next: router.currentRoute.value.fullPath } }))
createApp(App).use(i18n).use(router).mount('#app')
