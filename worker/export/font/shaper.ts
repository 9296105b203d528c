/**
 * HarfBuzz, which knows how the letters of a script join, stack and change places (Arabic, Tibetan, Mongolian and others): a thin hand on the
 * WebAssembly module of the package `harfbuzzjs`, whose own loader fetches by address and so cannot run in workerd.
 */

/** A glyph in the order in which it is drawn, in font units; `cluster` is the place in the text of the first letter that it belongs to. */
export type Shaped = { glyph: number; cluster: number; advance: number; x: number; y: number };

/** Shapes a stretch of text in one font and one direction. */
export type Shape = (text: string, rightToLeft: boolean) => Shaped[];

export type Shaper = (font: Uint8Array) => Shape;

type Exports = Record<
  | '__wasm_call_ctors'
  | 'malloc'
  | 'free'
  | 'hb_blob_create'
  | 'hb_face_create'
  | 'hb_font_create'
  | 'hb_buffer_create'
  | 'hb_buffer_destroy'
  | 'hb_buffer_add_utf16'
  | 'hb_buffer_set_direction'
  | 'hb_buffer_guess_segment_properties'
  | 'hb_shape'
  | 'hb_buffer_get_length'
  | 'hb_buffer_get_glyph_infos'
  | 'hb_buffer_get_glyph_positions',
  (...numbers: number[]) => number
> & { memory: WebAssembly.Memory };

/** HB_MEMORY_MODE_WRITABLE, and the directions of hb_direction_t. */
const WRITABLE = 2;
const LEFT_TO_RIGHT = 4;
const RIGHT_TO_LEFT = 5;
/** Bytes of hb_glyph_info_t and of hb_glyph_position_t. */
const RECORD = 20;
const PAGE = 65_536;

/** What HarfBuzz gives, as its own build says. */
const exportsOf = (instance: WebAssembly.Instance) => instance.exports as Exports;

/** One HarfBuzz, with memory of its own: for one document. */
export async function makeShaper(module: WebAssembly.Module): Promise<Shaper> {
  const stop = () => {
    throw new Error('HarfBuzz gave up.');
  };
  const instance = await WebAssembly.instantiate(module, {
    env: {
      _abort_js: stop,
      _emscripten_runtime_keepalive_clear: () => 0,
      _setitimer_js: () => 0,
      emscripten_resize_heap: (wanted: number) => {
        const { memory } = exportsOf(instance);
        return memory.grow(Math.ceil(((wanted >>> 0) - memory.buffer.byteLength) / PAGE)) >= 0 ? 1 : 0;
      },
    },
    wasi_snapshot_preview1: { proc_exit: stop },
  });
  const hb = exportsOf(instance);
  hb.__wasm_call_ctors();
  return (bytes) => {
    const at = hb.malloc(bytes.length);
    new Uint8Array(hb.memory.buffer).set(bytes, at);
    const font = hb.hb_font_create(hb.hb_face_create(hb.hb_blob_create(at, bytes.length, WRITABLE, 0, 0), 0));
    return (text, rightToLeft) => shape(hb, font, text, rightToLeft);
  };
}

function shape(hb: Exports, font: number, text: string, rightToLeft: boolean): Shaped[] {
  const at = hb.malloc(text.length * 2);
  const units = new Uint16Array(hb.memory.buffer, at, text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  const buffer = hb.hb_buffer_create();
  hb.hb_buffer_add_utf16(buffer, at, text.length, 0, text.length);
  hb.hb_buffer_set_direction(buffer, rightToLeft ? RIGHT_TO_LEFT : LEFT_TO_RIGHT);
  hb.hb_buffer_guess_segment_properties(buffer);
  hb.hb_shape(font, buffer, 0, 0);
  const count = hb.hb_buffer_get_length(buffer);
  const [infos, positions] = [hb.hb_buffer_get_glyph_infos(buffer, 0), hb.hb_buffer_get_glyph_positions(buffer, 0)];
  const view = new DataView(hb.memory.buffer);
  const shaped = Array.from({ length: count }, (_, i): Shaped => {
    const [info, position] = [infos + i * RECORD, positions + i * RECORD];
    return {
      glyph: view.getUint32(info, true),
      cluster: view.getUint32(info + 8, true),
      advance: view.getInt32(position, true),
      x: view.getInt32(position + 8, true),
      y: view.getInt32(position + 12, true),
    };
  });
  hb.hb_buffer_destroy(buffer);
  hb.free(at);
  return shaped;
}
