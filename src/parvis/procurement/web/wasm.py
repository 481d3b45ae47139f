from csp.decorators import csp_update

# libsodium is WebAssembly: the pages that seal and open may compile it; 'unsafe-eval' stays forbidden everywhere.
wasm = csp_update({"script-src": ["'wasm-unsafe-eval'"]})
