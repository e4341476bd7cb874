// One preview server for all files of this folder, under the policy that the window will have: no
// inline script, no inline style, nothing from elsewhere.
import { fileURLToPath } from 'node:url';
import { preview, type PreviewServer } from 'vite';

export const PORT = 4188;
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'";

let server: PreviewServer;

export async function setup(): Promise<void> {
  server = await preview({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    build: { outDir: 'dist-fake' },
    preview: { port: PORT, strictPort: true, headers: { 'Content-Security-Policy': POLICY } },
    logLevel: 'error'
  });
}

export async function teardown(): Promise<void> {
  await server.close();
}
