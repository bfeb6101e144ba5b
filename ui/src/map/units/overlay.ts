/* The units in a canvas of their own above the map's: one point a unit, its glide computed on the card. A glide then repaints the units
alone; the streets beneath are drawn again only when the map moves, which takes the units with it in the same frame. */

import type { Map as MapLibre } from 'maplibre-gl'
import type { MapPalette } from '../palette'
import { iconDrawing, labelDrawing, pictureTo, pointRows, quadRows, type Drawing, type Rows } from './drawing'
import { CELL, CLASSES, iconAtlas, OUTLINES, REACH, RINGED } from './icons'
import { LABEL_TALL, LABEL_WIDE, LabelAtlas } from './labels'
import { FIELDS, latitudeAt, longitudeAt, type Movement } from './movement'

const TILE = 512

/** How rows lie on the screen, in CSS pixels. */
export interface View { x: number; y: number; world: number; wide: number; tall: number }

function hex(colour: string): [number, number, number, number] {
  const n = parseInt(colour.slice(1), 16)
  return [(n >> 16) / 255, ((n >> 8) & 255) / 255, (n & 255) / 255, 1]
}

export class UnitsOverlay {
  atlas: LabelAtlas
  readonly canvas = document.createElement('canvas')
  private readonly gl: WebGL2RenderingContext | null
  private icons!: Drawing
  private texts!: Drawing
  private all!: Rows
  private labelled!: Rows
  private labels = 0
  private dirtyPicture = true
  private sent = -1
  private fence: WebGLSync | null = null

  constructor(private readonly map: MapLibre, private readonly movement: Movement, private p: MapPalette, private readonly now: () => number) {
    this.atlas = new LabelAtlas(p, this.ratio)
    this.canvas.className = 'units-canvas'
    this.canvas.setAttribute('aria-hidden', 'true')
    this.gl = this.canvas.getContext('webgl2', { antialias: false, depth: false, stencil: false })
    this.canvas.addEventListener('webglcontextlost', (event) => event.preventDefault())
    this.canvas.addEventListener('webglcontextrestored', this.prepare)
    if (this.gl) this.prepare()
    map.getCanvas().after(this.canvas)
    map.on('render', this.draw)
  }

  private get ratio(): number {
    return Math.min(2, Math.max(1, devicePixelRatio))
  }

  private readonly prepare = (): void => {
    const gl = this.gl!
    this.icons = iconDrawing(gl)
    this.texts = labelDrawing(gl)
    this.all = pointRows(gl, FIELDS)
    this.labelled = quadRows(gl, FIELDS)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    this.dirtyPicture = true
    this.sent = -1
    this.fence = null
  }

  recolour(p: MapPalette): void {
    this.p = p
    this.atlas = new LabelAtlas(p, this.ratio)
    this.dirtyPicture = true
  }

  remove(): void {
    this.map.off('render', this.draw)
    this.canvas.removeEventListener('webglcontextrestored', this.prepare)
    this.canvas.remove()
    this.gl?.getExtension('WEBGL_lose_context')?.loseContext()
  }

  view(): View {
    const { movement, map } = this
    const { x, y } = map.project([longitudeAt(movement.originX), latitudeAt(movement.originY)])
    const { clientWidth, clientHeight } = map.getCanvas()
    return { x, y, world: TILE * 2 ** map.getZoom(), wide: clientWidth, tall: clientHeight }
  }

  private sized(): void {
    const { canvas } = this
    const { width, height, style } = this.map.getCanvas()
    if (canvas.width === width && canvas.height === height && canvas.style.width === style.width) return
    canvas.width = width
    canvas.height = height
    canvas.style.width = style.width
    canvas.style.height = style.height
  }

  /** Also asked for by the map's own painting, so that both move as one. */
  readonly draw = (): void => {
    const { gl, movement } = this
    if (!gl || gl.isContextLost()) return
    this.sized()
    gl.viewport(0, 0, this.canvas.width, this.canvas.height)
    gl.clear(gl.COLOR_BUFFER_BIT)
    if (movement.count === 0) return
    if (this.dirtyPicture) pictureTo(gl, this.icons.texture, iconAtlas(this.p, this.ratio))
    if (this.atlas.changed || this.dirtyPicture) pictureTo(gl, this.texts.texture, this.atlas.canvas)
    this.dirtyPicture = this.atlas.changed = false
    if (this.sent !== movement.changes) this.send(gl)
    const view = this.view()
    this.prepared(gl, this.icons, view, [OUTLINES.length, CLASSES.length], [CELL, CELL])
    gl.bindVertexArray(this.all.array)
    gl.drawArrays(gl.POINTS, 0, movement.count)
    if (this.labels > 0) {
      this.prepared(gl, this.texts, view, [LabelAtlas.columns, LabelAtlas.rows], [LABEL_WIDE, LABEL_TALL])
      gl.bindVertexArray(this.labelled.array)
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.labels)
    }
    if (this.fence) gl.deleteSync(this.fence)
    this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
    gl.flush()
  }

  /** Whether the card is done with what was last drawn. */
  readonly painted = (): boolean =>
    !this.fence || !this.gl || this.gl.isContextLost() || this.gl.getSyncParameter(this.fence, this.gl.SYNC_STATUS) === this.gl.SIGNALED

  private send(gl: WebGL2RenderingContext): void {
    const { movement } = this
    const labelled = movement.labelledRows()
    for (const [{ buffer }, data] of [[this.all, movement.data.subarray(0, movement.count * FIELDS)], [this.labelled, labelled]] as const) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW)
    }
    this.labels = labelled.length / FIELDS
    this.sent = movement.changes
  }

  private prepared(gl: WebGL2RenderingContext, { program, texture, at }: Drawing, { x, y, world, wide, tall }: View, cells: [number, number], size: [number, number]): void {
    gl.useProgram(program)
    gl.bindTexture(gl.TEXTURE_2D, texture)
    gl.uniform2f(at.u_origin, x, y)
    gl.uniform1f(at.u_world, world)
    gl.uniform2f(at.u_screen, wide, tall)
    gl.uniform1f(at.u_now, this.now())
    gl.uniform1f(at.u_scale, Math.min(1.25, Math.max(0.62, 0.62 + (this.map.getZoom() - 11) * 0.13)))
    gl.uniform2f(at.u_cells, ...cells)
    gl.uniform2f(at.u_size, ...size)
    gl.uniform4fv(at.u_ring, hex(this.p.unitRing))
    gl.uniform1f(at.u_reach, REACH)
    gl.uniform1f(at.u_ringed, RINGED)
    gl.uniform1f(at.u_sharp, this.canvas.width / Math.max(1, wide))
  }
}
