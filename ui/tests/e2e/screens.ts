// Every screen as a scenario and the keys that lead there: one list for the checks of access and layout.
import type { Page } from 'playwright-core';
import type { ScenarioName } from '../../src/lib/host/fake/scenarios';
import { pause } from './page';

export interface ScreenCase {
  name: string;
  scenario: ScenarioName;
  page?: 'index.html' | 'hall.html';
  act?: (page: Page) => Promise<void>;
}

const press =
  (...keys: string[]) =>
  async (page: Page) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await pause(page);
    }
  };

const typed =
  (text: string, ...before: string[]) =>
  async (page: Page) => {
    await press(...before)(page);
    await page.keyboard.type(text);
    await pause(page, 120);
  };

const officeForm = async (page: Page) => {
  await page.getByRole('button', { name: /Mở văn phòng mới/ }).press('Enter');
  await pause(page, 120);
};

export const SCREENS: ScreenCase[] = [
  { name: 'first run', scenario: 'first-run' },
  { name: 'office form', scenario: 'first-run', act: officeForm },
  {
    name: 'office form with errors',
    scenario: 'first-run',
    act: async (page) => {
      await officeForm(page);
      await press('Control+Enter')(page);
    }
  },
  { name: 'sign-in', scenario: 'sign-in' },
  {
    name: 'sign-in refused',
    scenario: 'sign-in-held',
    act: async (page) => {
      await page.keyboard.type('1111');
      await press('Enter')(page);
    }
  },
  { name: 'lock', scenario: 'locked' },
  { name: 'desk', scenario: 'desk' },
  { name: 'desk with a called ticket', scenario: 'called' },
  { name: 'desk empty', scenario: 'empty' },
  { name: 'desk full', scenario: 'full' },
  { name: 'intake by hand', scenario: 'manual' },
  { name: 'intake, choosing a procedure', scenario: 'manual', act: typed('khai sinh', 'Alt+t') },
  { name: 'intake', scenario: 'intake' },
  { name: 'intake with things missing', scenario: 'intake', act: press('Control+Enter') },
  { name: 'intake signed', scenario: 'ready' },
  { name: 'intake with long names', scenario: 'long' },
  { name: 'intake while everything fails', scenario: 'failing' },
  { name: 'dossier just received', scenario: 'ready', act: press('Control+Enter') },
  {
    name: 'dossier with paper in doubt',
    scenario: 'doubt',
    act: async (page) => {
      await typed('0042', 'Control+f')(page);
      await press('Enter', 'Enter')(page);
    }
  },
  { name: 'search', scenario: 'desk', act: typed('nguyen thi', 'Control+f') },
  { name: 'search finds nothing', scenario: 'desk', act: typed('khong co ai', 'Control+f') },
  { name: 'devices', scenario: 'failing', act: press('F9') },
  { name: 'practice panel', scenario: 'called', act: press('Control+m') },
  { name: 'palette', scenario: 'intake', act: press('Control+k') },
  { name: 'help', scenario: 'intake', act: press('F1') },
  { name: 'signing', scenario: 'intake', act: press('Alt+y') },
  { name: 'dropping a draft', scenario: 'intake', act: press('Alt+x') },
  { name: 'calling by number', scenario: 'desk', act: press('Control+g') },
  { name: 'issuing a ticket', scenario: 'desk', act: press('Control+i') },
  { name: 'reprint', scenario: 'ready', act: press('Control+Enter', 'Control+p') },
  { name: 'hall', scenario: 'desk', page: 'hall.html' },
  { name: 'hall before the first call', scenario: 'empty', page: 'hall.html' }
];
