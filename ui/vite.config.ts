/* Build and tests. The built screens go into the Python package, so that the wheel serves them without Node. */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { UNIT_WORKER, unitWorker } from './scripts/unitWorker.ts'

const OUT = fileURLToPath(new URL('../kuaijing/web/static', import.meta.url))
const CORE = 'http://127.0.0.1:8135'

/** Writes `x.gz` beside every text file of the build, so that the server compresses nothing at run time. */
function precompressed(): Plugin {
  const compress = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name)
      if (statSync(path).isDirectory()) compress(path)
      else if (/\.(js|mjs|css|html|svg|json|webmanifest)$/.test(name)) {
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
      }
    }
  }
  return { name: 'kuaijing-precompressed', apply: 'build', closeBundle: () => compress(OUT) }
}

export default defineConfig({
  plugins: [
    vue(),
    Components({ dirs: [], dts: false, resolvers: [ElementPlusResolver()] }),
    unitWorker(),
    precompressed(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: { index: fileURLToPath(new URL('index.html', import.meta.url)), [UNIT_WORKER]: fileURLToPath(new URL('src/worker/unitWorker.ts', import.meta.url)) },
      output: { entryFileNames: ({ name }) => (name === UNIT_WORKER ? '[name].js' : 'assets/[name]-[hash].js') },
    },
  },
  server: { proxy: { '/api': { target: CORE, ws: true }, '/tiles': CORE } },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'] },
})
