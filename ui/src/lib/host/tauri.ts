// The desktop shell behind the host interface: the only file that imports `@tauri-apps`.
//
// Every method is one generated command of `bindings.ts`, so the compiler compares what the shell sends
// with what the screens expect, field by field. A refusal is an `ApiError` and becomes a `HostError`.
// Pictures come over a protocol of the program's own, and files go as raw bytes, never as JSON.

import { Channel, invoke } from '@tauri-apps/api/core';
import { commands, type HostEvent as ShellEvent, type ScanItem } from './bindings';
import { HostError, type ApiError, type Host, type HostEvent } from './types';

/** Carries the name of a file beside its bytes, percent-encoded. */
const FILE_NAME_HEADER = 'x-file-name';

type Answer<T> = { status: 'ok'; data: T } | { status: 'error'; error: ApiError };

function isApiError(value: unknown): value is ApiError {
  return typeof value === 'object' && value !== null && 'code' in value;
}

/** The shell refuses with an `ApiError`; what refuses before the shell (a missing right) has only words. */
function refusal(thrown: unknown): HostError {
  return new HostError(isApiError(thrown) ? thrown : { code: 'internal', traceId: String(thrown) });
}

async function ask<T>(command: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await command;
  } catch (thrown) {
    throw refusal(thrown);
  }
  if (answer.status === 'error') throw refusal(answer.error);
  return answer.data;
}

/** For commands whose answer is only that they were done. */
async function done(command: Promise<Answer<null>>): Promise<void> {
  await ask(command);
}

/** One line for all listeners of this page: the shell gives each window one, and it keeps the order. */
function createLine() {
  const handlers = new Set<(event: HostEvent) => void>();
  let open: Promise<void> | null = null;

  async function connect(): Promise<void> {
    const events = new Channel<ShellEvent>();
    events.onmessage = (event) => {
      for (const handler of [...handlers]) handler(event);
    };
    await done(commands.subscribe(events));
  }

  return async (handler: (event: HostEvent) => void) => {
    handlers.add(handler);
    open ??= connect();
    try {
      await open;
    } catch (thrown) {
      open = null;
      handlers.delete(handler);
      throw thrown;
    }
    return () => void handlers.delete(handler);
  };
}

async function addScanFile(fileName: string, bytes: Uint8Array): Promise<ScanItem> {
  try {
    const headers = { [FILE_NAME_HEADER]: encodeURIComponent(fileName) };
    return await invoke<ScanItem>('add_scan_file', bytes, { headers });
  } catch (thrown) {
    throw refusal(thrown);
  }
}

export function createTauriHost(): Host {
  return {
    hall: () => ask(commands.hall()),
    subscribe: createLine(),
    announceDone: (seq, spoken) => done(commands.announceDone(seq, spoken)),

    appState: () => ask(commands.appState()),
    startPractice: () => ask(commands.startPractice()),
    setupOptions: () => ask(commands.setupOptions()),
    previewCatalogue: (fileName, text) => ask(commands.previewCatalogue(fileName, text)),
    createOffice: (draft) => ask(commands.createOffice(draft)),
    signIn: (staffId, pin, counterId) => ask(commands.signIn(staffId, pin, counterId)),
    signOut: () => ask(commands.signOut()),
    lock: () => ask(commands.lock()),
    unlock: (pin) => ask(commands.unlock(pin)),
    setAppearance: (appearance) => done(commands.setAppearance(appearance)),

    desk: () => ask(commands.desk()),
    callNext: () => ask(commands.callNext()),
    callAgain: () => ask(commands.callAgain()),
    noShow: () => ask(commands.noShow()),
    callNumber: (label) => ask(commands.callNumber(label)),
    finishTicket: () => ask(commands.finishTicket()),
    issueTicket: (fieldId, priority) => ask(commands.issueTicket(fieldId, priority)),
    openHall: () => done(commands.openHall()),

    intake: () => ask(commands.intake()),
    intakeStart: () => ask(commands.intakeStart()),
    intakePatch: (patch) => ask(commands.intakePatch(patch)),
    intakeUndo: () => ask(commands.intakeUndo()),
    intakeDiscard: () => done(commands.intakeDiscard()),
    cardText: (text) => ask(commands.cardText(text)),
    searchProcedures: (query) => ask(commands.searchProcedures(query)),
    receive: () => ask(commands.receive()),

    scanInbox: () => ask(commands.scanInbox()),
    attachScan: (paperId, scanId) => ask(commands.attachScan(paperId, scanId)),
    detachScan: (paperId, scanId) => ask(commands.detachScan(paperId, scanId)),
    addScanFile,
    discardScan: (scanId) => done(commands.discardScan(scanId)),
    scanPageUrl: (scanId, page) => ask(commands.scanPageUrl(scanId, page)),
    imageUrl: (imageId) => ask(commands.imageUrl(imageId)),

    signBegin: (via) => ask(commands.signBegin(via)),
    signClear: () => done(commands.signClear()),
    signCancel: () => ask(commands.signCancel()),
    signSubmit: (strokes) => ask(commands.signSubmit(strokes)),

    dossier: (dossierId) => ask(commands.dossier(dossierId)),
    search: (query) => ask(commands.search(query)),
    printSlip: (dossierId) => ask(commands.printSlip(dossierId)),
    reprintSlip: (dossierId, reason, words) => ask(commands.reprintSlip(dossierId, reason, words)),
    printOutcome: (jobId, cameOut) => ask(commands.printOutcome(jobId, cameOut)),
    formPdf: (dossierId) => ask(commands.formPdf(dossierId)),

    status: () => ask(commands.status()),
    devices: () => ask(commands.devices()),
    deviceTest: (deviceId) => done(commands.deviceTest(deviceId)),
    deviceRetry: (deviceId) => done(commands.deviceRetry(deviceId)),

    practice: () => ask(commands.practice()),
    simCard: (personIndex) => done(commands.simCard(personIndex)),
    simCardText: (text) => done(commands.simCardText(text)),
    simScan: (practiceScanId) => done(commands.simScan(practiceScanId)),
    simTicket: (fieldId, priority) => done(commands.simTicket(fieldId, priority)),
    simSign: () => done(commands.simSign()),
    simFault: (deviceId, fault) => done(commands.simFault(deviceId, fault)),
    simNetwork: (link, up) => done(commands.simNetwork(link, up))
  };
}
