/* The pages and their addresses. Each is its own chunk; the language of a page is the user's, never part of the address. */

import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { findSession, session, supposeSession } from '@/state/session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'room', component: () => import('./RoomPage.vue') },
    { path: '/unit', name: 'unit', component: () => import('./OfficerPage.vue') },
    { path: '/report', name: 'report', component: () => import('./ReportPage.vue') },
    { path: '/replay', name: 'replay', component: () => import('./ReplayPage.vue') },
    { path: '/devices', name: 'devices', component: () => import('./DevicesPage.vue') },
    { path: '/plan', name: 'plan', component: () => import('./PlanningPage.vue') },
    { path: '/post', name: 'post', component: () => import('./PostPage.vue') },
    { path: '/wall', name: 'wall', component: () => import('./WallPage.vue') },
    { path: '/signin', name: 'signin', component: () => import('./SignInPage.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

/** A wall and a post have one page: whoever signs in with such an account stands before it, wherever the way led. */
function ownPage(to: RouteLocationNormalized): true | { name: string } {
  const role = session.value?.role
  if (role === 'wall' && to.name !== 'wall') return { name: 'wall' }
  if (role === 'post' && to.name !== 'post') return { name: 'post' }
  return true
}

router.beforeEach(async (to) => {
  if (to.name === 'signin') return true
  if (session.value) return ownPage(to)
  try {
    if (await findSession()) return ownPage(to)
  } catch {
    if (to.name === 'unit') supposeSession()
    if (to.name === 'unit' || to.name === 'wall' || to.name === 'post') return true // without a link these still stand, and come back by themselves
  }
  return { name: 'signin', query: { next: to.fullPath } }
})
