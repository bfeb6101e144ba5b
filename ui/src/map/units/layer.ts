/* The units on the map as one custom WebGL layer: one quad a unit, its glide computed on the card. */

import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibre } from 'maplibre-gl'
import type { MapPalette } from '../palette'
import { CELL, CLASSES, iconAtlas, OUTLINES } from './icons'
import { LABEL_TALL, LABEL_WIDE, LabelAtlas } from './labels'
import { FIELDS, type Movement } from './movement'

const MOVE = `#version 300 es
precision highp float;
in vec2 a_corner;
in vec4 a_line;
in vec2 a_time;
in vec4 a_look; // heading, icon, pulse, mark
in float a_label;
uniform mat4 u_matrix;
uniform vec2 u_screen;
uniform float u_now;
uniform float u_scale;
vec4 centre() {
  float share = a_time.y > 0.0 ? clamp((u_now - a_time.x) / a_time.y, 0.0, 1.0) : 1.0;
  return u_matrix * vec4(mix(a_line.xy, a_line.zw, share), 0.0, 1.0);
}
vec4 offset(vec4 at, vec2 pixels) {
  return vec4(at.xy + pixels / u_screen * 2.0 * at.w * vec2(1.0, -1.0), at.zw);
}
`

const ICON_VERTEX = `${MOVE}
uniform vec2 u_cells;
uniform float u_cell;
out vec2 v_uv; out vec2 v_corner; out float v_mark;
void main() {
  float turn = radians(a_look.x);
  mat2 rotation = mat2(cos(turn), sin(turn), -sin(turn), cos(turn));
  float pulse = clamp((u_now - a_look.z) / 0.9, 0.0, 1.0);
  float size = u_cell * u_scale * (1.0 + 0.7 * sin(3.14159 * pulse));
  gl_Position = offset(centre(), rotation * a_corner * size * 0.5);
  vec2 cell = vec2(mod(a_look.y, u_cells.x), floor(a_look.y / u_cells.x));
  v_uv = (cell + a_corner * 0.5 + 0.5) / u_cells;
  v_corner = a_corner;
  v_mark = a_look.w;
}`

const ICON_FRAGMENT = `#version 300 es
precision highp float;
in vec2 v_uv; in vec2 v_corner; in float v_mark;
uniform sampler2D u_picture;
uniform vec4 u_ring;
out vec4 colour;
void main() {
  vec4 icon = texture(u_picture, v_uv);
  float edge = abs(length(v_corner) - 0.88);
  float ring = v_mark * (1.0 - smoothstep(0.04, 0.09, edge));
  colour = icon + u_ring * ring * (1.0 - icon.a);
}`

const LABEL_VERTEX = `${MOVE}
uniform vec2 u_cells;
uniform vec2 u_label;
out vec2 v_uv;
void main() {
  if (a_label < 0.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
  gl_Position = offset(centre(), vec2(12.0 * u_scale, 0.0) + vec2(a_corner.x * 0.5 + 0.5, a_corner.y * 0.5) * u_label);
  vec2 cell = vec2(mod(a_label, u_cells.x), floor(a_label / u_cells.x));
  v_uv = (cell + a_corner * 0.5 + 0.5) / u_cells;
}`

const LABEL_FRAGMENT = `#version 300 es
precision highp float;
in vec2 v_uv;
uniform sampler2D u_picture;
out vec4 colour;
void main() { colour = texture(u_picture, v_uv); }`

function program(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const made = gl.createProgram()
  for (const [kind, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(kind)!
    gl.shaderSource(shader, text)
    gl.compileShader(shader)
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(`units layer: ${gl.getShaderInfoLog(shader)}`)
    gl.attachShader(made, shader)
  }
  ;['a_corner', 'a_line', 'a_time', 'a_look', 'a_label'].forEach((name, at) => gl.bindAttribLocation(made, at, name))
  gl.linkProgram(made)
  return made
}

function hex(colour: string): [number, number, number, number] {
  const n = parseInt(colour.slice(1), 16)
  return [(n >> 16) / 255, ((n >> 8) & 255) / 255, (n & 255) / 255, 1]
}

/** `matrix` · translate(x, y, 0), in float64. */
function shifted(matrix: ArrayLike<number>, x: number, y: number): Float32Array {
  const m = Array.from(matrix)
  for (let row = 0; row < 4; row++) m[12 + row] = m[row]! * x + m[4 + row]! * y + m[12 + row]!
  return new Float32Array(m)
}

export class UnitsLayer implements CustomLayerInterface {
  readonly id = 'units'
  readonly type = 'custom' as const
  readonly renderingMode = '2d' as const
  /** Slot of each row's label, −1 where none is shown; same order as the movement's rows. */
  labels = new Float32Array(256).fill(-1)
  atlas: LabelAtlas
  private gl!: WebGL2RenderingContext
  private icons!: { program: WebGLProgram; texture: WebGLTexture }
  private texts!: { program: WebGLProgram; texture: WebGLTexture }
  private vao!: WebGLVertexArrayObject
  private corners!: WebGLBuffer
  private rows!: WebGLBuffer
  private slots!: WebGLBuffer
  private map!: MapLibre
  private dirtyPicture = true

  constructor(private readonly movement: Movement, private p: MapPalette, private readonly now: () => number) {
    this.atlas = new LabelAtlas(p, this.ratio)
  }

  private get ratio(): number {
    return Math.min(2, Math.max(1, devicePixelRatio))
  }

  recolour(p: MapPalette): void {
    this.p = p
    this.atlas = new LabelAtlas(p, this.ratio)
    this.dirtyPicture = true
  }

  onAdd(map: MapLibre, gl: WebGL2RenderingContext): void {
    this.map = map
    this.gl = gl
    this.icons = { program: program(gl, ICON_VERTEX, ICON_FRAGMENT), texture: gl.createTexture() }
    this.texts = { program: program(gl, LABEL_VERTEX, LABEL_FRAGMENT), texture: gl.createTexture() }
    this.vao = gl.createVertexArray()
    this.corners = gl.createBuffer()
    this.rows = gl.createBuffer()
    this.slots = gl.createBuffer()
    gl.bindVertexArray(this.vao)
    gl.bindBuffer(gl.ARRAY_BUFFER, this.corners)
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), gl.STATIC_DRAW)
    gl.enableVertexAttribArray(0)
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0)
    gl.bindBuffer(gl.ARRAY_BUFFER, this.rows)
    const stride = FIELDS * 4
    for (const [at, size, offset] of [[1, 4, 0], [2, 2, 16], [3, 4, 24]] as const) {
      gl.enableVertexAttribArray(at)
      gl.vertexAttribPointer(at, size, gl.FLOAT, false, stride, offset)
      gl.vertexAttribDivisor(at, 1)
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, this.slots)
    gl.enableVertexAttribArray(4)
    gl.vertexAttribPointer(4, 1, gl.FLOAT, false, 4, 0)
    gl.vertexAttribDivisor(4, 1)
    gl.bindVertexArray(null)
  }

  onRemove(): void {
    const { gl } = this
    for (const { program: made, texture } of [this.icons, this.texts]) {
      gl.deleteProgram(made)
      gl.deleteTexture(texture)
    }
    gl.deleteVertexArray(this.vao)
    for (const buffer of [this.corners, this.rows, this.slots]) gl.deleteBuffer(buffer)
  }

  private picture(texture: WebGLTexture, canvas: HTMLCanvasElement): void {
    const { gl } = this
    gl.bindTexture(gl.TEXTURE_2D, texture)
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true)
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, canvas)
    for (const [name, value] of [
      [gl.TEXTURE_MIN_FILTER, gl.LINEAR], [gl.TEXTURE_MAG_FILTER, gl.LINEAR],
      [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
    ] as const) gl.texParameteri(gl.TEXTURE_2D, name, value)
  }

  render(gl: WebGL2RenderingContext, { defaultProjectionData }: CustomRenderMethodInput): void {
    const { movement } = this
    if (movement.count === 0) return
    gl.activeTexture(gl.TEXTURE0)
    if (this.dirtyPicture) this.picture(this.icons.texture, iconAtlas(this.p, this.ratio))
    if (this.atlas.changed || this.dirtyPicture) this.picture(this.texts.texture, this.atlas.canvas)
    this.dirtyPicture = this.atlas.changed = false
    gl.bindVertexArray(this.vao)
    gl.bindBuffer(gl.ARRAY_BUFFER, this.rows)
    gl.bufferData(gl.ARRAY_BUFFER, movement.data.subarray(0, movement.count * FIELDS), gl.DYNAMIC_DRAW)
    gl.bindBuffer(gl.ARRAY_BUFFER, this.slots)
    gl.bufferData(gl.ARRAY_BUFFER, this.labels.subarray(0, movement.count), gl.DYNAMIC_DRAW)
    gl.disable(gl.DEPTH_TEST)
    gl.disable(gl.STENCIL_TEST)
    gl.disable(gl.CULL_FACE)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    const matrix = shifted(defaultProjectionData.mainMatrix as unknown as ArrayLike<number>, movement.originX, movement.originY)
    const { clientWidth, clientHeight } = this.map.getCanvas()
    const scale = Math.min(1.25, Math.max(0.62, 0.62 + (this.map.getZoom() - 11) * 0.13))
    for (const { program: made, texture, label } of [{ ...this.icons, label: false }, { ...this.texts, label: true }]) {
      gl.useProgram(made)
      const at = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(made, name)
      gl.bindTexture(gl.TEXTURE_2D, texture)
      gl.uniform1i(at('u_picture'), 0)
      gl.uniformMatrix4fv(at('u_matrix'), false, matrix)
      gl.uniform2f(at('u_screen'), clientWidth, clientHeight)
      gl.uniform1f(at('u_now'), this.now())
      gl.uniform1f(at('u_scale'), scale)
      if (label) {
        gl.uniform2f(at('u_cells'), LabelAtlas.columns, LabelAtlas.rows)
        gl.uniform2f(at('u_label'), LABEL_WIDE, LABEL_TALL)
      } else {
        gl.uniform2f(at('u_cells'), OUTLINES.length, CLASSES.length)
        gl.uniform1f(at('u_cell'), CELL)
        gl.uniform4fv(at('u_ring'), hex(this.p.unitRing))
      }
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, movement.count)
    }
    gl.bindVertexArray(null)
  }
}
