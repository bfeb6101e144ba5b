/* Tells the service worker of /unit, while the screens are built, which files that page needs: the start page's own and, from
that page on, everything that is imported, now or later. Knows nothing of what is in them. */

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin, Rollup } from 'vite'

export const UNIT_WORKER = 'unit-worker'
const PAGES = ['pages/OfficerPage.vue', 'pages/SignInPage.vue'] // signing out leads to the second

type Bundle = Rollup.OutputBundle

function withImports(bundle: Bundle, start: string, deep: boolean, found: Set<string>): void {
  if (found.has(start)) return
  found.add(start)
  const chunk = bundle[start]
  if (chunk?.type !== 'chunk') return
  for (const file of [...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? [])]) found.add(file)
  for (const file of [...chunk.imports, ...(deep ? chunk.dynamicImports : [])]) withImports(bundle, file, deep, found)
}

/** What /unit loads, and the name of the script that its page starts with. */
export function unitFiles(bundle: Bundle): { entry: string; files: string[] } {
  const chunks = Object.values(bundle).filter((each) => each.type === 'chunk')
  const entry = chunks.find((chunk) => chunk.isEntry && chunk.name !== UNIT_WORKER)
  if (!entry) throw new Error('the build has no start page')
  const found = new Set<string>()
  withImports(bundle, entry.fileName, false, found)
  for (const page of PAGES) {
    const chunk = chunks.find((each) => each.facadeModuleId?.endsWith(page))
    if (!chunk) throw new Error(`the build has no chunk of ${page}: name it in scripts/unitWorker.ts`)
    withImports(bundle, chunk.fileName, true, found) // stops at the start page, behind which every other page lies
  }
  return { entry: entry.fileName, files: [...found].sort() }
}

export function unitWorker(): Plugin {
  return {
    name: 'kuaijing-unit-worker',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      if (!dir) throw new Error('the screens are built into a folder; vite gave none')
      const { entry, files } = unitFiles(bundle as Bundle)
      const page = readFileSync(join(dir, 'index.html'), 'utf8')
      const path = join(dir, `${UNIT_WORKER}.js`)
      const worker = readFileSync(path, 'utf8')
      const build = createHash('sha256').update([worker, page, ...files].join('\n')).digest('hex').slice(0, 16)
      const paths = [...files, 'mark.svg'].map((file) => `/${file}`).join(' ')
      writeFileSync(path, worker.replace('%BUILD%', build).replace('%ENTRY%', entry).replace('%FILES%', paths))
    },
  }
}
