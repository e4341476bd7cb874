// Which host stands behind this page. Decided once, here.

import type { HallHost, Host } from './types';

const inShell = () => '__TAURI_INTERNALS__' in window;
// The mode alone decides: a build made under a test runner must not carry the stand-in either.
const isFakeBuild = import.meta.env.MODE === 'fake' || import.meta.env.MODE === 'development';

async function fakeHost(): Promise<Host> {
  const { createFakeHost } = await import('./fake');
  const { readFakeOptions } = await import('./fake/options');
  const host = createFakeHost(readFakeOptions(window.location.search));
  Object.assign(window, { fakeHost: host });
  return host;
}

/** The host of the desk, or null when this page was opened where no desk can be. */
export async function deskHost(): Promise<Host | null> {
  if (inShell()) return (await import('./tauri')).createTauriHost();
  return isFakeBuild ? fakeHost() : null;
}

export async function hallHost(): Promise<HallHost> {
  if (inShell()) return (await import('./tauri')).createTauriHost();
  if (isFakeBuild) return fakeHost();
  return (await import('./http')).createHttpHost();
}
