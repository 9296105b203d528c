/** WebAssembly as workerd and wrangler import it: compiled. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
