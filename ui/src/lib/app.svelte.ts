// What the desk window knows: one view model per pane, asked again when the host says it changed.
// Keeps no rule of its own; every act is one host command and its refusal stands where it was asked.

import { getContext, setContext } from 'svelte';
import {
  toApiError,
  type ApiError,
  type AppState,
  type DeskView,
  type DossierView,
  type Host,
  type HostEvent,
  type Id,
  type IntakePatch,
  type IntakeView,
  type Received,
  type ScanItem,
  type StatusView
} from './host/types';
import { setLanguage } from './i18n/index.svelte';
import { flushPending } from './kit/pending';

export type Route =
  | { name: 'work' }
  | { name: 'search' }
  | { name: 'dossier'; dossierId: Id; justReceived: Received | null }
  | { name: 'devices' };

/** Where a message is shown: beside what was asked. */
export type Place = 'queue' | 'work' | 'dialog';

export type DialogName =
  | 'palette'
  | 'help'
  | 'appearance'
  | 'messages'
  | 'call-number'
  | 'issue-ticket'
  | 'discard'
  | 'sign'
  | 'reprint';

export interface Notice {
  id: number;
  place: Place;
  error: ApiError;
  at: string;
}

const REFRESH_MS = 15_000;
const NOTICES_SHOWN = 2;
const LOG_KEPT = 100;

export class App {
  app = $state.raw<AppState | null>(null);
  desk = $state.raw<DeskView | null>(null);
  intake = $state.raw<IntakeView | null>(null);
  scans = $state.raw<ScanItem[]>([]);
  status = $state.raw<StatusView | null>(null);
  route = $state.raw<Route>({ name: 'work' });
  dialog = $state.raw<DialogName | null>(null);
  practiceOpen = $state(false);
  /** A folded pane that is open over the work, on narrow windows. */
  overlay = $state.raw<'queue' | 'citizen' | null>(null);
  notices = $state.raw<Notice[]>([]);
  log = $state.raw<Notice[]>([]);
  /** Grows when a card fills the person: fields drop what was half typed. */
  cardGeneration = $state(0);
  /** Grows with each change of the shown dossier, of devices or of practice. */
  dossierTick = $state(0);
  devicesTick = $state(0);
  practiceTick = $state(0);
  busy = $state.raw<string | null>(null);
  query = $state('');
  /** The dossier on screen has something more urgent than the next call, such as its first print. */
  dossierPrimary = $state(false);
  /** The digit on the numeric pad that opened the call-by-number box. */
  callNumberSeed = '';
  /** The dossier whose slip is to be printed again, and who wants to see the answer. */
  reprinting: { dossierId: Id; done: (dossier: DossierView) => void } | null = null;

  private noticeId = 0;
  private patches: Promise<void> = Promise.resolve();
  private lastKeyAt = Date.now();

  constructor(readonly host: Host) {}

  get now(): string {
    return this.status?.now ?? this.desk?.now ?? this.app?.now ?? '';
  }

  async start(): Promise<() => void> {
    const unsubscribe = await this.host.subscribe((event) => this.quietly(this.hear(event)));
    await this.refreshSession();
    const timer = setInterval(() => this.quietly(this.tick()), REFRESH_MS);
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }

  /** Asking again is nobody's act: when it fails the message says so, and the last picture stays. */
  private quietly(asking: Promise<void>): void {
    asking.catch((thrown: unknown) => this.tell('work', toApiError(thrown)));
  }

  private async tick(): Promise<void> {
    const limit = (this.app?.lockAfterMinutes ?? 15) * 60_000;
    if (this.app?.stage === 'signed_in' && Date.now() - this.lastKeyAt > limit) await this.lock();
    else if (this.app?.stage === 'signed_in')
      await Promise.all([this.refreshDesk(), this.refreshStatus()]);
  }

  /** A key or a pointer: somebody is here. */
  touched(): void {
    this.lastKeyAt = Date.now();
  }

  private async hear(event: HostEvent): Promise<void> {
    switch (event.kind) {
      case 'session':
        return this.refreshSession();
      case 'queue':
        return this.refreshDesk();
      case 'intake':
        return this.refreshIntake();
      case 'scan':
        return this.refreshScans();
      case 'status':
        // An acknowledgement moves the lamps of the dossier on screen as well.
        this.dossierTick += 1;
        return this.refreshStatus();
      case 'devices':
        this.devicesTick += 1;
        return this.refreshStatus();
      case 'practice':
        this.practiceTick += 1;
        return;
      case 'dossier':
        this.dossierTick += 1;
        return;
      case 'card':
        return this.cardRead();
      case 'notice':
        this.tell('work', event.error);
        return;
      default:
        return;
    }
  }

  private async cardRead(): Promise<void> {
    this.dismiss('work');
    await this.refreshIntake();
    this.route = { name: 'work' };
    this.dialog = null;
    this.cardGeneration += 1;
  }

  async refreshSession(): Promise<void> {
    const app = await this.host.appState();
    this.app = app;
    this.applyAppearance();
    if (app.stage === 'signed_in') await this.refreshAll();
  }

  private async refreshAll(): Promise<void> {
    await Promise.all([
      this.refreshDesk(),
      this.refreshIntake(),
      this.refreshScans(),
      this.refreshStatus()
    ]);
  }

  private async refreshDesk(): Promise<void> {
    if (this.app?.stage === 'signed_in') this.desk = await this.host.desk();
  }

  private async refreshIntake(): Promise<void> {
    if (this.app?.stage === 'signed_in') this.intake = await this.host.intake();
  }

  private async refreshScans(): Promise<void> {
    if (this.app?.stage === 'signed_in') this.scans = await this.host.scanInbox();
  }

  async refreshStatus(): Promise<void> {
    if (this.app?.stage === 'signed_in') this.status = await this.host.status();
  }

  applyAppearance(): void {
    const appearance = this.app?.appearance;
    if (!appearance) return;
    const system = window.matchMedia('(prefers-color-scheme: dark)').matches;
    const dark = appearance.theme === 'dark' || (appearance.theme === 'system' && system);
    document.documentElement.classList.toggle('dark', dark);
    setLanguage(appearance.language);
  }

  tell(place: Place, error: ApiError): void {
    this.noticeId += 1;
    const notice = { id: this.noticeId, place, error, at: this.now };
    const others = this.notices.filter(
      (one) => one.place !== place || one.error.code !== error.code
    );
    const here = others.filter((one) => one.place === place).slice(0, NOTICES_SHOWN - 1);
    this.notices = [notice, ...here, ...others.filter((one) => one.place !== place)];
    this.log = [notice, ...this.log].slice(0, LOG_KEPT);
  }

  dismiss(place: Place): void {
    if (this.notices.some((one) => one.place === place)) {
      this.notices = this.notices.filter((one) => one.place !== place);
    }
  }

  putAway(id: number): void {
    this.notices = this.notices.filter((one) => one.id !== id);
  }

  /** Runs one act; its refusal becomes a message at `place`. Undefined when refused. */
  async attempt<T>(place: Place, act: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await act();
      this.dismiss(place);
      return result;
    } catch (thrown) {
      this.tell(place, toApiError(thrown));
      return undefined;
    }
  }

  async queueAct(act: () => Promise<DeskView>): Promise<void> {
    const desk = await this.attempt('queue', act);
    if (desk) this.desk = desk;
  }

  /** One change of the draft. Changes go one after another, so answers come in order. */
  patch(patch: IntakePatch): Promise<void> {
    const next = this.patches.then(async () => {
      try {
        this.intake = await this.host.intakePatch(patch);
      } catch (thrown) {
        this.tell('work', toApiError(thrown));
        throw thrown;
      }
    });
    this.patches = next.catch(() => undefined);
    return next;
  }

  /** A change asked by a click or a key, where nothing typed is at stake. */
  async change(patch: IntakePatch): Promise<void> {
    await this.patch(patch).catch(() => undefined);
  }

  async intakeAct(act: () => Promise<IntakeView>): Promise<IntakeView | undefined> {
    await flushPending();
    await this.patches;
    const intake = await this.attempt('work', act);
    if (intake) this.intake = intake;
    return intake;
  }

  async startIntake(): Promise<void> {
    this.route = { name: 'work' };
    this.dialog = null;
    await this.intakeAct(() => this.host.intakeStart());
    await this.refreshDesk();
  }

  async discardIntake(): Promise<void> {
    await flushPending();
    await this.attempt('work', () => this.host.intakeDiscard());
    this.dialog = null;
    await this.refreshAll();
  }

  async receive(): Promise<void> {
    if (this.busy !== null || !this.intake) return;
    this.busy = 'receive';
    await flushPending();
    await this.patches;
    const received = await this.attempt('work', () => this.host.receive());
    if (received) {
      this.intake = null;
      this.route = { name: 'dossier', dossierId: received.dossierId, justReceived: received };
    }
    await this.refreshAll();
    this.busy = null;
  }

  openDossier(dossierId: Id): void {
    this.dialog = null;
    this.route = { name: 'dossier', dossierId, justReceived: null };
  }

  go(route: Route): void {
    this.dialog = null;
    this.overlay = null;
    this.route = route;
  }

  async lock(): Promise<void> {
    await flushPending();
    this.dialog = null;
    const app = await this.attempt('work', () => this.host.lock());
    if (app) this.app = app;
  }

  async signOut(): Promise<void> {
    await flushPending();
    this.dialog = null;
    const app = await this.attempt('work', () => this.host.signOut());
    if (!app) return;
    Object.assign(this, {
      app,
      desk: null,
      intake: null,
      scans: [],
      status: null,
      notices: [],
      log: []
    });
    this.route = { name: 'work' };
  }

  async entered(app: AppState): Promise<void> {
    this.touched();
    this.app = app;
    await this.refreshAll();
  }
}

const KEY = Symbol('app');

export function provideApp(app: App): App {
  return setContext(KEY, app);
}

export function useApp(): App {
  return getContext<App>(KEY);
}
