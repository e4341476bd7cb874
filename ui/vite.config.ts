// Two pages from one build: the desk (index.html) and the hall display (hall.html).
// `--mode fake` builds the same screens over the in-browser stand-in, for tests and pictures.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  base: './',
  plugins: [svelte()],
  resolve: { alias: { $lib: page('./src/lib') } },
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  preview: { port: 4173, strictPort: true },
  build: {
    target: 'es2022',
    // Fonts and pictures stay files: the content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    rollupOptions: { input: { desk: page('./index.html'), hall: page('./hall.html') } }
  }
});
