/* Writes src/api/openapi.ts from the server's own OpenAPI document, so that screens and core cannot differ in a field. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const core = fileURLToPath(new URL('../../.venv/bin/kuaijing', import.meta.url))
const target = new URL('../src/api/openapi.ts', import.meta.url)
const document = JSON.parse(execFileSync(core, ['openapi'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }))
const types = astToString(await openapiTS({ openapi: '3.1.0', info: document.info, paths: {}, components: { schemas: document.components.schemas } }))
writeFileSync(target, `/* Made by \`npm run types\` from the server's OpenAPI document; not edited by hand. */\n/* eslint-disable */\n${types}`)
