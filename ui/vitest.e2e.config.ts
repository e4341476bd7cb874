import { defineConfig } from 'vitest/config';

// Whole screens in Chromium over the fake host; files run one after another on one preview server.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/e2e/**/*.test.ts'],
    globalSetup: ['tests/e2e/preview.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
});
