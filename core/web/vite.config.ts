import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// `SALLYPORT_CORE=https://127.0.0.1:8443 npx vite` serves the sources against a core that runs.
const core = process.env['SALLYPORT_CORE'] ?? 'https://127.0.0.1:8443';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'baseline-widely-available',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': { target: core, secure: false } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
