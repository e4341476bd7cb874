// The desktop shell behind the host interface: the only file that imports `@tauri-apps`.
//
// Every method is one command, named in snake_case, with its arguments by name. The shell answers a
// refusal with an `ApiError`; here it becomes a `HostError`. Pictures come through the `dossier:`
// protocol and files go as raw bytes, never as JSON.

import { convertFileSrc, invoke, type InvokeArgs, type InvokeOptions } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { HostError, type ApiError, type Host, type HostEvent } from './types';

const EVENT_NAME = 'host-event';
const PICTURE_PROTOCOL = 'dossier';

function isApiError(value: unknown): value is ApiError {
  return typeof value === 'object' && value !== null && 'code' in value;
}

async function call<T>(command: string, args?: InvokeArgs, options?: InvokeOptions): Promise<T> {
  try {
    return await invoke<T>(command, args, options);
  } catch (thrown) {
    throw new HostError(
      isApiError(thrown) ? thrown : { code: 'internal', traceId: String(thrown) }
    );
  }
}

export function createTauriHost(): Host {
  return {
    subscribe: async (handler) => listen<HostEvent>(EVENT_NAME, (event) => handler(event.payload)),
    announceDone: (seq, spoken) => call('announce_done', { seq, spoken }),
    hall: () => call('hall'),

    appState: () => call('app_state'),
    startPractice: () => call('start_practice'),
    setupOptions: () => call('setup_options'),
    previewCatalogue: (fileName, text) => call('preview_catalogue', { fileName, text }),
    createOffice: (draft) => call('create_office', { draft }),
    signIn: (staffId, pin, counterId) => call('sign_in', { staffId, pin, counterId }),
    signOut: () => call('sign_out'),
    lock: () => call('lock'),
    unlock: (pin) => call('unlock', { pin }),
    setAppearance: (appearance) => call('set_appearance', { appearance }),

    desk: () => call('desk'),
    callNext: () => call('call_next'),
    callAgain: () => call('call_again'),
    noShow: () => call('no_show'),
    callNumber: (label) => call('call_number', { label }),
    finishTicket: () => call('finish_ticket'),
    issueTicket: (fieldId, priority) => call('issue_ticket', { fieldId, priority }),
    openHall: () => call('open_hall'),

    intake: () => call('intake'),
    intakeStart: () => call('intake_start'),
    intakePatch: (patch) => call('intake_patch', { patch }),
    intakeUndo: () => call('intake_undo'),
    intakeDiscard: () => call('intake_discard'),
    cardText: (text) => call('card_text', { text }),
    searchProcedures: (query) => call('search_procedures', { query }),
    receive: () => call('receive'),

    scanInbox: () => call('scan_inbox'),
    attachScan: (paperId, scanId) => call('attach_scan', { paperId, scanId }),
    detachScan: (paperId, scanId) => call('detach_scan', { paperId, scanId }),
    addScanFile: (fileName, bytes) =>
      call('add_scan_file', bytes, { headers: { 'x-file-name': encodeURIComponent(fileName) } }),
    discardScan: (scanId) => call('discard_scan', { scanId }),
    scanPageUrl: async (scanId, page) => convertFileSrc(`scan/${scanId}/${page}`, PICTURE_PROTOCOL),
    imageUrl: async (imageId) => convertFileSrc(`image/${imageId}`, PICTURE_PROTOCOL),

    signBegin: (via) => call('sign_begin', { via }),
    signClear: () => call('sign_clear'),
    signCancel: () => call('sign_cancel'),
    signSubmit: (strokes) => call('sign_submit', { strokes }),

    dossier: (dossierId) => call('dossier', { dossierId }),
    search: (query) => call('search', { query }),
    printSlip: (dossierId) => call('print_slip', { dossierId }),
    reprintSlip: (dossierId, reason, words) => call('reprint_slip', { dossierId, reason, words }),
    printOutcome: (jobId, cameOut) => call('print_outcome', { jobId, cameOut }),
    formPdf: (dossierId) => call('form_pdf', { dossierId }),

    status: () => call('status'),
    devices: () => call('devices'),
    deviceTest: (deviceId) => call('device_test', { deviceId }),
    deviceRetry: (deviceId) => call('device_retry', { deviceId }),

    practice: () => call('practice'),
    simCard: (personIndex) => call('sim_card', { personIndex }),
    simCardText: (text) => call('sim_card_text', { text }),
    simScan: (practiceScanId) => call('sim_scan', { practiceScanId }),
    simTicket: (fieldId, priority) => call('sim_ticket', { fieldId, priority }),
    simSign: () => call('sim_sign'),
    simFault: (deviceId, fault) => call('sim_fault', { deviceId, fault }),
    simNetwork: (link, up) => call('sim_network', { link, up })
  };
}
