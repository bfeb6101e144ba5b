/* The pages and their addresses. Each is its own chunk; the language of a page is the user's, never part of the address. */

import { createRouter, createWebHistory } from 'vue-router'
import { findSession, session } from '@/state/session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'room', component: () => import('./RoomPage.vue') },
    { path: '/unit', name: 'unit', component: () => import('./OfficerPage.vue') },
    { path: '/report', name: 'report', component: () => import('./ReportPage.vue') },
    { path: '/replay', name: 'replay', component: () => import('./ReplayPage.vue') },
    { path: '/devices', name: 'devices', component: () => import('./DevicesPage.vue') },
    { path: '/plan', name: 'plan', component: () => import('./PlanningPage.vue') },
    { path: '/signin', name: 'signin', component: () => import('./SignInPage.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

router.beforeEach(async (to) => {
  if (to.name === 'signin') return true
  if (session.value) return true
  try {
    if (await findSession()) return true
  } catch {
    if (to.name === 'unit') return true // an officer without a link still sees the page, with what it holds
  }
  return { name: 'signin', query: { next: to.fullPath } }
})
