// The one door between the screens and the rest of the program.
//
// Owns the `Host` interface, its events and (re-exported) every view model. Three things stand behind
// it: the desktop shell (`tauri.ts`), the hub's web pages (`http.ts`, hall only) and an in-browser
// stand-in for practice and tests (`fake.ts`). Nothing here decides anything, and nothing here knows
// which of the three it talks to.
//
// A command that cannot do what it was asked rejects with `HostError`, whose `error` is an `ApiError`.

import type { Appearance, Id, PriorityReason } from './model/common';
import type { DeskView, IssuedTicket } from './model/desk';
import type { DossierView, OpenedForm, ReprintReason, SearchView } from './model/dossier';
import type { ApiError } from './model/errors';
import type { HallView } from './model/hall';
import type {
  InkPoint,
  InkStroke,
  IntakePatch,
  IntakeView,
  ProcedureHit,
  Received,
  ScanItem,
  SignatureVia,
  SignRequest
} from './model/intake';
import type { AppState, CatalogueChoice, OfficeDraft, SetupOptions } from './model/office';
import type { PracticeFault, PracticeView } from './model/practice';
import type { DeviceDetail, StatusView } from './model/status';

export type * from './model/common';
export type * from './model/desk';
export type * from './model/dossier';
export type * from './model/errors';
export type * from './model/hall';
export type * from './model/intake';
export type * from './model/office';
export type * from './model/practice';
export type * from './model/status';

/** Events say what changed; the screen asks again. Only ink and speech carry their own data. */
export type HostEvent =
  | { kind: 'session' }
  | { kind: 'queue' }
  | { kind: 'intake'; revision: number }
  | { kind: 'scan' }
  | { kind: 'dossier'; dossierId: Id }
  | { kind: 'status' }
  | { kind: 'devices' }
  | { kind: 'practice' }
  | { kind: 'hall' }
  /** A card was read: the intake it started or filled is already there. */
  | { kind: 'card'; intakeId: Id }
  /** Something went wrong with nobody asking: a card not read, paper out in mid-slip, a refused scan. */
  | { kind: 'notice'; error: ApiError }
  /** Live ink from the pad. `down` is false on the point that lifts the pen. */
  | { kind: 'pen'; requestId: Id; point: InkPoint; down: boolean }
  /** Say this in the hall. `seq` is the call's; say each at most once. */
  | { kind: 'announce'; seq: number; label: string; counterNumber: number; text: string }
  /** The link to the host is up or down (hub pages only). */
  | { kind: 'link'; up: boolean };

export type Unsubscribe = () => void;

/** What the hall page needs; the hub's web page has only this. */
export interface HallHost {
  hall(): Promise<HallView>;
  subscribe(handler: (event: HostEvent) => void): Promise<Unsubscribe>;
  /** Tells whether the page itself spoke the call, so that the program can speak it some other way. */
  announceDone(seq: number, spoken: boolean): Promise<void>;
}

export interface Host extends HallHost {
  // The session
  appState(): Promise<AppState>;
  startPractice(): Promise<AppState>;
  setupOptions(): Promise<SetupOptions>;
  /** Reads a catalogue file without taking it: what it holds and what a person must decide. */
  previewCatalogue(fileName: string, text: string): Promise<CatalogueChoice>;
  createOffice(draft: OfficeDraft): Promise<AppState>;
  signIn(staffId: Id, pin: string, counterId: Id): Promise<AppState>;
  signOut(): Promise<AppState>;
  lock(): Promise<AppState>;
  unlock(pin: string): Promise<AppState>;
  setAppearance(appearance: Appearance): Promise<void>;

  // The queue
  desk(): Promise<DeskView>;
  callNext(): Promise<DeskView>;
  callAgain(): Promise<DeskView>;
  noShow(): Promise<DeskView>;
  callNumber(label: string): Promise<DeskView>;
  finishTicket(): Promise<DeskView>;
  issueTicket(fieldId: Id, priority: PriorityReason | null): Promise<IssuedTicket>;
  openHall(): Promise<void>;

  // The intake
  intake(): Promise<IntakeView | null>;
  intakeStart(): Promise<IntakeView>;
  intakePatch(patch: IntakePatch): Promise<IntakeView>;
  intakeUndo(): Promise<IntakeView>;
  intakeDiscard(): Promise<void>;
  /** Text of a card that came through the guarded field; starts an intake when none is open. */
  cardText(text: string): Promise<IntakeView>;
  searchProcedures(query: string): Promise<ProcedureHit[]>;
  receive(): Promise<Received>;

  // Scans
  scanInbox(): Promise<ScanItem[]>;
  attachScan(paperId: Id, scanId: Id): Promise<IntakeView>;
  detachScan(paperId: Id, scanId: Id): Promise<IntakeView>;
  addScanFile(fileName: string, bytes: Uint8Array): Promise<ScanItem>;
  discardScan(scanId: Id): Promise<void>;
  /** Address of a page's picture for an `<img>`; `page` from 1. Empty when there is no picture. */
  scanPageUrl(scanId: Id, page: number): Promise<string>;
  /** Address of a stored picture such as a signature. */
  imageUrl(imageId: Id): Promise<string>;

  // The signature
  signBegin(via: SignatureVia): Promise<SignRequest>;
  signClear(): Promise<void>;
  signCancel(): Promise<IntakeView>;
  /** Finishes with the strokes drawn on the screen, or with those of the pad when `strokes` is null. */
  signSubmit(strokes: InkStroke[] | null): Promise<IntakeView>;

  // The dossier
  dossier(dossierId: Id): Promise<DossierView>;
  search(query: string): Promise<SearchView>;
  /** Prints the original, when none is known to have come out. */
  printSlip(dossierId: Id): Promise<DossierView>;
  /** Prints a marked copy. `words` is free text, needed when the reason is `other`. */
  reprintSlip(dossierId: Id, reason: ReprintReason, words: string): Promise<DossierView>;
  /** The clerk's answer where the printer could not tell. */
  printOutcome(jobId: Id, cameOut: boolean): Promise<DossierView>;
  formPdf(dossierId: Id): Promise<OpenedForm>;

  // The machine
  status(): Promise<StatusView>;
  devices(): Promise<DeviceDetail[]>;
  deviceTest(deviceId: Id): Promise<void>;
  deviceRetry(deviceId: Id): Promise<void>;

  // Practice
  practice(): Promise<PracticeView>;
  simCard(personIndex: number): Promise<void>;
  simCardText(text: string): Promise<void>;
  simScan(practiceScanId: Id): Promise<void>;
  simTicket(fieldId: Id | null, priority: PriorityReason | null): Promise<void>;
  simSign(): Promise<void>;
  simFault(deviceId: Id, fault: PracticeFault | null): Promise<void>;
  simNetwork(link: 'hub' | 'province', up: boolean): Promise<void>;
}

/** The rejection of every `Host` command. */
export class HostError extends Error {
  readonly error: ApiError;

  constructor(error: ApiError) {
    super(error.code);
    this.name = 'HostError';
    this.error = error;
  }
}

/** Any thrown value as an `ApiError`; what is not one becomes `internal`. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof HostError) return thrown.error;
  return { code: 'internal', traceId: 'ui' };
}
