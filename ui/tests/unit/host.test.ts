import { afterEach, describe, expect, test, vi } from 'vitest';
import { createFakeHost } from '$lib/host/fake';
import type { ScenarioName } from '$lib/host/fake/scenarios';
import { createHttpHost } from '$lib/host/http';
import { HostError, toApiError, type HallView, type HostEvent } from '$lib/host/types';

const fake = (scenario: ScenarioName) => createFakeHost({ scenario, frozen: true, pace: 0 });
const refusal = async (act: Promise<unknown>) =>
  act.then(
    () => null,
    (thrown: unknown) => toApiError(thrown).code
  );

describe('the stand-in keeps the manner of the real program', () => {
  test('a slip whose paper is in doubt waits for the clerk and prints nothing by itself', async () => {
    const host = fake('doubt');
    const [hit] = (await host.search('0042')).hits;
    const before = await host.dossier(hit?.dossierId ?? '');
    expect(before.prints.map((job) => job.state)).toEqual(['unknown']);
    const after = await host.printOutcome(before.prints[0]?.id ?? '', false);
    expect(after.prints.map((job) => job.state)).toEqual(['abandoned']);
    expect(after.actions.find((action) => action.kind === 'print_slip')?.allowed).toBe(true);
    expect(await refusal(host.printOutcome(before.prints[0]?.id ?? '', true))).toBe(
      'print_answered_already'
    );
  });

  test('with the network down a dossier is received and its lamps wait; up again each arrives once', async () => {
    const host = fake('ready');
    await host.simNetwork('hub', false);
    const { dossierId } = await host.receive();
    const lamps = async () => (await host.dossier(dossierId)).lamps.map((lamp) => lamp.state);
    expect(await lamps()).toEqual(['ok', 'waiting', 'ok', 'waiting']);
    await host.simNetwork('hub', true);
    await host.simNetwork('hub', true);
    expect(await lamps()).toEqual(['ok', 'ok', 'ok', 'ok']);
    const copies = (await host.dossier(dossierId)).timeline.filter(
      (entry) => entry.kind === 'copied'
    );
    expect(copies).toHaveLength(1);
  });

  test('five wrong PINs hold the account, a right one afterwards is refused too', async () => {
    const host = fake('sign-in');
    for (let left = 4; left > 0; left -= 1) {
      expect(await refusal(host.signIn('staff-mai', '0000', 'counter-3'))).toBe('wrong_pin');
    }
    expect(await refusal(host.signIn('staff-mai', '0000', 'counter-3'))).toBe('staff_locked');
    expect(await refusal(host.signIn('staff-mai', '2580', 'counter-3'))).toBe('staff_locked');
  });

  test('cards: composed or not the same person, garbled and foreign codes refused', async () => {
    const host = fake('desk');
    const seen: HostEvent[] = [];
    await host.subscribe((event) => seen.push(event));
    const text = '038079003456||Giàng A Tẩu|07071979|Nam|Bản Phiêng Lầu, xã Bản Mây|10022023';
    const intake = await host.cardText(text.normalize('NFD'));
    expect(intake.person.fullName.value).toBe('Giàng A Tẩu'.normalize('NFC'));
    expect(await refusal(host.cardText(text.replace('ầ', '\ufffd')))).toBe('card_garbled');
    expect(await refusal(host.cardText('038079003456|x|y'))).toBe('card_incomplete');
    expect(await refusal(host.cardText('8934567000123'))).toBe('card_unreadable');
    expect(seen.some((event) => event.kind === 'card')).toBe(true);
  });

  test('what was typed is not overwritten by a card: the clerk decides', async () => {
    const host = fake('manual');
    await host.intakePatch({ kind: 'person', field: 'fullName', value: 'Đặng Ướt' });
    const intake = await host.cardText(
      '038088004321|172345678|Đặng Văn Ướt|15011988|Nam|Bản Pá Hốc|03082021'
    );
    expect(intake.person.fullName.value).toBe('Đặng Ướt');
    expect(intake.differences).toEqual([
      { field: 'fullName', kept: 'Đặng Ướt', offered: 'Đặng Văn Ướt' }
    ]);
    const taken = await host.intakePatch({
      kind: 'take_difference',
      field: 'fullName',
      take: true
    });
    expect(taken.person.fullName.value).toBe('Đặng Văn Ướt');
    expect((await host.intakeUndo()).person.fullName.value).toBe('Đặng Ướt');
  });

  test('procedures not yet or no longer in force say since when', async () => {
    const host = fake('manual');
    expect(await refusal(host.intakePatch({ kind: 'procedure', code: '1.014022' }))).toBe(
      'procedure_not_yet'
    );
    expect(await refusal(host.intakePatch({ kind: 'procedure', code: '1.000419' }))).toBe(
      'procedure_expired'
    );
    expect(await refusal(host.intakePatch({ kind: 'procedure', code: '9.999999' }))).toBe(
      'procedure_unknown'
    );
  });

  test.each([
    ['khai sinh', '1.001193'],
    ['1.001193', '1.001193'],
    ['khai tu', '1.000656'],
    ['chung thuc chu ky', '2.000884'],
    ['Giấy phép xây'.normalize('NFD'), '1.013225']
  ])('%s finds %s first', async (query, code) => {
    expect((await fake('manual').searchProcedures(query))[0]?.code).toBe(code);
  });
});

describe('the hall over the network', () => {
  afterEach(() => vi.unstubAllGlobals());
  const view: HallView = {
    officeName: 'Xã Bản Mây',
    now: '2026-11-23T09:14',
    calls: [{ seq: 1, label: 'A027', counterNumber: 3, calledAt: '2026-11-23T09:10' }],
    waits: [],
    notice: '',
    resultsToday: 0
  };

  test('keeps the last good picture when the hub is gone, and says so', async () => {
    const fetched = vi.fn().mockResolvedValueOnce({ ok: true, json: async () => view });
    vi.stubGlobal('fetch', fetched);
    vi.stubGlobal(
      'EventSource',
      class {
        addEventListener() {}
        close() {}
      }
    );
    const host = createHttpHost();
    const events: HostEvent[] = [];
    const stop = await host.subscribe((event) => events.push(event));
    expect(await host.hall()).toEqual(view);
    fetched.mockRejectedValue(new TypeError('network'));
    expect(await host.hall()).toEqual(view);
    expect(events).toEqual([{ kind: 'link', up: false }]);
    fetched.mockResolvedValue({ ok: true, json: async () => view });
    await host.hall();
    expect(events.at(-1)).toEqual({ kind: 'link', up: true });
    stop();
  });

  test('with no picture ever seen it says which way the hub failed', async () => {
    localStorage.clear();
    vi.stubGlobal('fetch', vi.fn().mockResolvedValue({ ok: false, status: 500 }));
    const thrown = await createHttpHost()
      .hall()
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(HostError);
    expect(toApiError(thrown)).toEqual({ code: 'hub_failed', status: 500 });
  });
});
