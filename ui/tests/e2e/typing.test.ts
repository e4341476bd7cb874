// UniKey and its like do not compose on Windows: they send Backspace and re-type. Whatever changes the
// field between those keys breaks the word. So every text field is written in the way they write.
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScenarioName } from '../../src/lib/host/fake/scenarios';
import { launch, open, pause } from './page';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** What stands in the field after each key, as UniKey builds the word. */
const TELEX: Record<string, string[]> = {
  // N g u y e e n x  ·  D d u w o o w t s
  'Nguyễn Ướt': [
    'N',
    'Ng',
    'Ngu',
    'Nguy',
    'Nguye',
    'Nguyê',
    'Nguyên',
    'Nguyễn',
    'Nguyễn ',
    'Nguyễn U',
    'Nguyễn Ư',
    'Nguyễn Ưo',
    'Nguyễn Ươ',
    'Nguyễn Ươt',
    'Nguyễn Ướt'
  ],
  // d d a s n h: the first d is rewritten, then a tone lands in the middle
  'đánh giá': [
    'd',
    'đ',
    'đa',
    'đá',
    'đán',
    'đánh',
    'đánh ',
    'đánh g',
    'đánh gi',
    'đánh gia',
    'đánh giá'
  ]
};
const VNI: Record<string, string[]> = {
  // T u a n 6 1: marks come after the word and go back over it
  'Tuấn Đức': [
    'T',
    'Tu',
    'Tua',
    'Tuan',
    'Tuân',
    'Tuấn',
    'Tuấn ',
    'Tuấn D',
    'Tuấn Đ',
    'Tuấn Đu',
    'Tuấn Đư',
    'Tuấn Đưc',
    'Tuấn Đức'
  ]
};

/** From one state to the next: Backspaces to the common beginning, then the rest at once. */
async function replay(page: Page, states: string[], form: 'NFC' | 'NFD'): Promise<void> {
  let before = '';
  for (const state of states.map((text) => text.normalize(form))) {
    let common = 0;
    while (common < before.length && before[common] === state[common]) common += 1;
    for (let back = before.length - common; back > 0; back -= 1)
      await page.keyboard.press('Backspace');
    if (state.length > common) await page.keyboard.insertText(state.slice(common));
    before = state;
  }
}

interface FieldCase {
  name: string;
  scenario: ScenarioName;
  reach: (page: Page) => Promise<Locator>;
}

const byLabel =
  (label: string | RegExp, ...keys: string[]) =>
  async (page: Page) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await pause(page);
    }
    return page.getByLabel(label, { exact: typeof label === 'string' }).first();
  };

const officeForm = (label: string) => async (page: Page) => {
  await page.getByRole('button', { name: /Mở văn phòng mới/ }).press('Enter');
  await pause(page, 120);
  return page.getByLabel(label, { exact: true });
};

const withSubmitter = (id: string) => async (page: Page) => {
  await page.getByRole('button', { name: 'Nộp thay' }).press('Enter');
  await pause(page, 150);
  return page.locator(`#${id}`);
};

const FIELDS: FieldCase[] = [
  { name: 'full name', scenario: 'manual', reach: byLabel('Họ, chữ đệm và tên') },
  { name: 'personal number', scenario: 'manual', reach: async (page) => page.locator('#p-id') },
  { name: 'date of birth', scenario: 'manual', reach: async (page) => page.locator('#p-born') },
  { name: 'residence', scenario: 'manual', reach: async (page) => page.locator('#p-address') },
  { name: 'phone', scenario: 'manual', reach: async (page) => page.locator('#p-phone') },
  { name: 'e-mail', scenario: 'manual', reach: async (page) => page.locator('#p-email') },
  { name: 'submitter’s name', scenario: 'manual', reach: withSubmitter('s-name') },
  { name: 'submitter’s authority', scenario: 'manual', reach: withSubmitter('s-authority') },
  { name: 'procedure combobox', scenario: 'manual', reach: byLabel('Tìm thủ tục', 'Alt+t') },
  { name: 'note', scenario: 'ready', reach: async (page) => page.locator('#intake-note') },
  {
    name: 'another paper',
    scenario: 'ready',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Thêm giấy tờ' }).press('Enter');
      await pause(page);
      return page.getByLabel('Tên giấy tờ khác, rồi Enter');
    }
  },
  {
    name: 'postal address',
    scenario: 'ready',
    reach: async (page) => {
      await page.keyboard.press('Alt+k');
      await page.keyboard.press('ArrowRight');
      await pause(page, 120);
      return page.getByLabel('Địa chỉ nhận qua bưu chính');
    }
  },
  { name: 'search box', scenario: 'desk', reach: byLabel('Tìm hồ sơ', 'Control+f') },
  { name: 'palette', scenario: 'desk', reach: byLabel('Gõ việc muốn làm', 'Control+k') },
  {
    name: 'guarded card field',
    scenario: 'desk',
    reach: async (page) => page.locator('#card-field')
  },
  { name: 'ticket to call', scenario: 'desk', reach: byLabel('Số cần gọi', 'Control+g') },
  {
    name: 'reason of a reprint',
    scenario: 'ready',
    reach: async (page) => {
      await page.keyboard.press('Control+Enter');
      await page.waitForSelector('.dossier');
      await pause(page, 150);
      await page.keyboard.press('Control+p');
      await pause(page, 120);
      await page.keyboard.press('ArrowLeft');
      await pause(page, 120);
      return page.locator('#reprint-words');
    }
  },
  { name: 'name of the office', scenario: 'first-run', reach: officeForm('Tên trung tâm') },
  { name: 'address of the office', scenario: 'first-run', reach: officeForm('Địa chỉ') },
  {
    name: 'name of a person of staff',
    scenario: 'first-run',
    reach: officeForm('Họ tên người thứ 1')
  }
];

const WAYS: [string, Record<string, string[]>, 'NFC' | 'NFD'][] = [
  ['Telex', TELEX, 'NFC'],
  ['VNI', VNI, 'NFC'],
  ['Telex, combining marks', TELEX, 'NFD']
];

describe.each(FIELDS)('$name', ({ scenario, reach }) => {
  test.each(WAYS)('%s', async (_way, words, form) => {
    const opened = await open(browser, scenario);
    const { page } = opened;
    const field = await reach(page);
    await field.focus();
    for (const [word, states] of Object.entries(words)) {
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Backspace');
      await replay(page, states, form);
      expect(await field.inputValue()).toBe(word.normalize(form));
      // The pause after which drafts save themselves changes nothing under the hands.
      await pause(page, 500);
      expect(await field.inputValue()).toBe(word.normalize(form));
      await replayMore(page, form);
      expect(await field.inputValue()).toBe(`${word} Ỷ`.normalize(form));
    }
    await opened.close();
  });
});

/** One more word after the save: Y f→Ỳ j… ends as Ỷ. */
async function replayMore(page: Page, form: 'NFC' | 'NFD'): Promise<void> {
  await page.keyboard.insertText(' Y');
  for (let back = 'Y'.length; back > 0; back -= 1) await page.keyboard.press('Backspace');
  await page.keyboard.insertText('Ỷ'.normalize(form));
}

describe('what reaches the program', () => {
  test('a name typed with combining marks is kept composed and shown composed at rest', async () => {
    const opened = await open(browser, 'manual');
    const { page } = opened;
    await replay(page, TELEX['Nguyễn Ướt'] ?? [], 'NFD');
    await page.keyboard.press('Tab');
    await pause(page, 120);
    expect(await page.evaluate(() => window.fakeHost.world.draft?.person.fullName.value)).toBe(
      'Nguyễn Ướt'
    );
    expect(await page.locator('textarea.name').inputValue()).toBe('Nguyễn Ướt');
    await opened.close();
  });

  test('a card read while a name is half typed fills the person and moves on', async () => {
    const opened = await open(browser, 'manual');
    const { page } = opened;
    await page.keyboard.insertText('Nguy');
    await page.evaluate(() => window.fakeHost.simCard(0));
    await pause(page, 700);
    expect(await page.locator('textarea.name').inputValue()).toBe('Nguyễn Thị Ngọc Ỷ');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe(
      'combobox'
    );
    expect(await page.evaluate(() => window.fakeHost.world.draft?.person.fullName.value)).toBe(
      'Nguyễn Thị Ngọc Ỷ'
    );
    await opened.close();
  });

  test('a composition that the list must not steal: Enter ends the word, not the choice', async () => {
    const opened = await open(browser, 'manual');
    const { page, context } = opened;
    await page.keyboard.press('Alt+t');
    const session = await context.newCDPSession(page);
    await session.send('Input.imeSetComposition', {
      text: 'khai',
      selectionStart: 4,
      selectionEnd: 4
    });
    await page.evaluate(() =>
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', {
          key: 'Enter',
          isComposing: true,
          bubbles: true,
          cancelable: true
        })
      )
    );
    await pause(page);
    expect(await page.evaluate(() => window.fakeHost.world.draft?.procedure)).toBeNull();
    await session.send('Input.insertText', { text: 'khai sinh' });
    await pause(page, 120);
    await page.keyboard.press('Enter');
    await pause(page, 120);
    expect(await page.evaluate(() => window.fakeHost.world.draft?.procedure?.code)).toBe(
      '1.001193'
    );
    await opened.close();
  });
});
