// A complete `Host` that lives in the browser: for practice, tests and pictures. It keeps the shape and
// the manner of the real program (states, refusals, acknowledgements that come later) and none of its
// promises: nothing is stored, nothing is printed, nobody is real.

import { toApiError, type Host, type HostEvent, type InkStroke } from '../types';
import * as dossiers from './dossiers';
import * as intake from './intake';
import * as machine from './machine';
import { PRACTICE_CARDS } from './people';
import * as queue from './queue';
import * as scans from './scans';
import { applyScenario, type ScenarioName } from './scenarios';
import * as session from './session';
import * as signing from './signing';
import { must, World } from './world';

export interface FakeOptions {
  scenario: ScenarioName;
  frozen: boolean;
  pace: number;
}

export interface FakeHost extends Host {
  readonly world: World;
}

export function createFakeHost(options: FakeOptions): FakeHost {
  const world = new World({
    startsAt: '2026-11-23T09:14:08',
    frozen: options.frozen,
    pace: options.pace
  });
  applyScenario(world, options.scenario);
  return {
    world,
    subscribe: async (handler: (event: HostEvent) => void) => world.subscribe(handler),
    announceDone: async () => undefined,
    hall: async () => queue.hall(world),

    appState: async () => session.appState(world),
    startPractice: async () => session.startPractice(world),
    setupOptions: async () => session.setupOptions(),
    previewCatalogue: async (fileName, text) => session.previewCatalogue(fileName, text),
    createOffice: async (draft) => session.createOffice(world, draft),
    signIn: async (staffId, pin, counterId) => session.signIn(world, staffId, pin, counterId),
    signOut: async () => session.signOut(world),
    lock: async () => session.lock(world),
    unlock: async (pin) => session.unlock(world, pin),
    setAppearance: async (appearance) => {
      world.appearance = { ...appearance };
    },

    desk: async () => queue.desk(world),
    callNext: async () => queue.callNext(world),
    callAgain: async () => queue.callAgain(world),
    noShow: async () => queue.noShow(world),
    callNumber: async (label) => queue.callNumber(world, label),
    finishTicket: async () => queue.finishTicket(world),
    issueTicket: async (fieldId, priority) => queue.issueTicket(world, fieldId, priority),
    openHall: async () => {
      window.open('./hall.html');
    },

    intake: async () => (world.draft ? intake.view(world) : null),
    intakeStart: async () => intake.start(world),
    intakePatch: async (patch) => intake.patch(world, patch),
    intakeUndo: async () => intake.undo(world),
    intakeDiscard: async () => intake.discard(world),
    cardText: async (text) => intake.cardText(world, text),
    searchProcedures: async (query) => intake.searchProcedures(world, query),
    receive: async () => dossiers.receive(world),

    scanInbox: async () => scans.inbox(world),
    attachScan: async (paperId, scanId) => scans.attach(world, paperId, scanId),
    detachScan: async (paperId, scanId) => scans.detach(world, paperId, scanId),
    addScanFile: async (fileName, bytes) => scans.addFile(world, fileName, bytes),
    discardScan: async (scanId) => scans.discardScan(world, scanId),
    scanPageUrl: async (scanId, page) => scans.scanPageUrl(world, scanId, page),
    imageUrl: async (imageId) => world.images.get(imageId) ?? '',

    signBegin: async (via) => signing.begin(world, via),
    signClear: async () => undefined,
    signCancel: async () => signing.cancel(world),
    signSubmit: async (strokes: InkStroke[] | null) => signing.submit(world, strokes),

    dossier: async (id) => dossiers.view(world, id),
    search: async (query) => dossiers.search(world, query),
    printSlip: async (id) => dossiers.printSlip(world, id),
    reprintSlip: async (id, reason, words) => dossiers.reprintSlip(world, id, reason, words),
    printOutcome: async (jobId, cameOut) => dossiers.printOutcome(world, jobId, cameOut),
    formPdf: async (id) => ({
      path: `Tài liệu/Một Cửa/${dossiers.view(world, id).code}-mau-01.pdf`,
      opened: true
    }),

    status: async () => machine.status(world),
    devices: async () => machine.devices(world),
    deviceTest: async (id) => machine.deviceTest(world, id),
    deviceRetry: async (id) => machine.deviceRetry(world, id),

    practice: async () => machine.practice(world),
    simCard: async (index) => {
      const card = must(PRACTICE_CARDS[index], { code: 'card_unreadable' });
      readOrNotice(world, card.text);
    },
    simCardText: async (text) => readOrNotice(world, text),
    simScan: async (id) => scans.arrive(world, id),
    simTicket: async (fieldId, priority) => {
      queue.issueTicket(world, fieldId ?? 'ho-tich', priority);
    },
    simSign: async () => signing.simSign(world),
    simFault: async (id, fault) => machine.simFault(world, id, fault),
    simNetwork: async (link, up) => machine.simNetwork(world, link, up)
  };
}

/** A simulated scanner has nobody to answer to: what goes wrong becomes a notice. */
function readOrNotice(world: World, text: string): void {
  try {
    intake.cardText(world, text);
  } catch (thrown) {
    world.notice(toApiError(thrown));
  }
}
