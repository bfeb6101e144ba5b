/* How units are drawn on the card: shapes as points, one vertex a unit, and call signs as quads. The map is flat and north up, so that a
place is an origin on the screen and a scale; both come in as uniforms.

Shapes are not instanced quads: where a processor stands in for the card, each instance costs as much as a drawing of its own. */

const MOVE = `#version 300 es
precision highp float;
in vec2 a_corner;
in vec4 a_line;
in vec2 a_time;
in vec4 a_look; // heading, icon, pulse, mark
in float a_label;
uniform vec2 u_origin; // of the rows, in pixels from the screen's corner
uniform float u_world; // pixels of the whole world's width
uniform vec2 u_screen;
uniform float u_now;
uniform float u_scale;
vec4 standing(vec2 pixels) {
  float share = a_time.y > 0.0 ? clamp((u_now - a_time.x) / a_time.y, 0.0, 1.0) : 1.0;
  vec2 at = u_origin + mix(a_line.xy, a_line.zw, share) * u_world + pixels;
  return vec4((at / u_screen * 2.0 - 1.0) * vec2(1.0, -1.0), 0.0, 1.0);
}
`

const ICON_VERTEX = `${MOVE}
uniform vec2 u_cells;
uniform vec2 u_size;
uniform float u_sharp; // pixels of the canvas in one of the screen
uniform float u_reach; // of a shape without a ring, as a share of its cell: what lies beyond is empty and need not be drawn
uniform float u_ringed; // column of the shapes with a ring
flat out vec2 v_cell; flat out mat2 v_turn; flat out float v_mark;
void main() {
  float turn = radians(a_look.x);
  float column = mod(a_look.y, u_cells.x);
  float reach = a_look.w > 0.5 || column == u_ringed ? 1.0 : u_reach;
  float pulse = clamp((u_now - a_look.z) / 0.9, 0.0, 1.0);
  gl_PointSize = u_size.x * u_scale * u_sharp * reach * (1.0 + 0.7 * sin(3.14159 * pulse));
  gl_Position = standing(vec2(0.0));
  v_cell = vec2(column, floor(a_look.y / u_cells.x));
  v_turn = mat2(cos(turn), -sin(turn), sin(turn), cos(turn)) * reach;
  v_mark = a_look.w;
}`

const ICON_FRAGMENT = `#version 300 es
precision highp float;
flat in vec2 v_cell; flat in mat2 v_turn; flat in float v_mark;
uniform sampler2D u_picture;
uniform vec2 u_cells;
uniform vec4 u_ring;
out vec4 colour;
void main() {
  vec2 corner = v_turn * (gl_PointCoord * 2.0 - 1.0);
  if (max(abs(corner.x), abs(corner.y)) > 0.99) discard;
  vec4 icon = texture(u_picture, (v_cell + corner * 0.5 + 0.5) / u_cells);
  if (v_mark < 0.5) { colour = icon; return; }
  float edge = abs(length(corner) - 0.88);
  float ring = 1.0 - smoothstep(0.04, 0.09, edge);
  colour = icon + u_ring * ring * (1.0 - icon.a);
}`

const LABEL_VERTEX = `${MOVE}
uniform vec2 u_cells;
uniform vec2 u_size;
out vec2 v_uv;
void main() {
  if (a_label < 0.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
  gl_Position = standing(vec2(12.0 * u_scale, 0.0) + vec2(a_corner.x * 0.5 + 0.5, a_corner.y * 0.5) * u_size);
  vec2 cell = vec2(mod(a_label, u_cells.x), floor(a_label / u_cells.x));
  v_uv = (cell + a_corner * 0.5 + 0.5) / u_cells;
}`

const LABEL_FRAGMENT = `#version 300 es
precision highp float;
in vec2 v_uv;
uniform sampler2D u_picture;
out vec4 colour;
void main() { colour = texture(u_picture, v_uv); }`

const ATTRIBUTES = ['a_corner', 'a_line', 'a_time', 'a_look', 'a_label']
const UNIFORMS = ['u_origin', 'u_world', 'u_screen', 'u_now', 'u_scale', 'u_cells', 'u_size', 'u_ring', 'u_reach', 'u_ringed', 'u_sharp', 'u_picture'] as const

/** Where the rows lie: sizes of the attributes after the corner, and their places in a row. */
const ROW_PARTS = [[1, 4, 0], [2, 2, 16], [3, 4, 24], [4, 1, 40]] as const

export interface Drawing {
  program: WebGLProgram
  texture: WebGLTexture
  at: Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>
}

function drawing(gl: WebGL2RenderingContext, vertex: string, fragment: string): Drawing {
  const program = gl.createProgram()
  for (const [kind, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(kind)!
    gl.shaderSource(shader, text)
    gl.compileShader(shader)
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) throw new Error(`units: ${gl.getShaderInfoLog(shader)}`)
    gl.attachShader(program, shader)
    gl.deleteShader(shader)
  }
  ATTRIBUTES.forEach((name, at) => gl.bindAttribLocation(program, at, name))
  gl.linkProgram(program)
  const at = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)])) as Drawing['at']
  return { program, texture: gl.createTexture(), at }
}

export const iconDrawing = (gl: WebGL2RenderingContext): Drawing => drawing(gl, ICON_VERTEX, ICON_FRAGMENT)
export const labelDrawing = (gl: WebGL2RenderingContext): Drawing => drawing(gl, LABEL_VERTEX, LABEL_FRAGMENT)

/** Reads rows from a buffer, one a vertex or one a quad. */
export interface Rows { array: WebGLVertexArrayObject; buffer: WebGLBuffer }

function rowsOf(gl: WebGL2RenderingContext, fields: number, quads: boolean): Rows {
  const array = gl.createVertexArray()
  gl.bindVertexArray(array)
  if (quads) {
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer())
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), gl.STATIC_DRAW)
    gl.enableVertexAttribArray(0)
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0)
  }
  const buffer = gl.createBuffer()
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
  for (const [at, size, offset] of ROW_PARTS) {
    gl.enableVertexAttribArray(at)
    gl.vertexAttribPointer(at, size, gl.FLOAT, false, fields * 4, offset)
    gl.vertexAttribDivisor(at, quads ? 1 : 0)
  }
  return { array, buffer }
}

export const pointRows = (gl: WebGL2RenderingContext, fields: number): Rows => rowsOf(gl, fields, false)
export const quadRows = (gl: WebGL2RenderingContext, fields: number): Rows => rowsOf(gl, fields, true)

export function pictureTo(gl: WebGL2RenderingContext, texture: WebGLTexture, canvas: HTMLCanvasElement): void {
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, canvas)
  for (const [name, value] of [
    [gl.TEXTURE_MIN_FILTER, gl.LINEAR], [gl.TEXTURE_MAG_FILTER, gl.LINEAR],
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
  ] as const) gl.texParameteri(gl.TEXTURE_2D, name, value)
}
