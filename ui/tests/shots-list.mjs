// What is photographed. A size is the real screen divided by its scaling.
const scaled = (width, height, percent) => ({
  width: Math.round((width * 100) / percent),
  height: Math.round((height * 100) / percent),
  scale: percent / 100
});

export const SIZES = {
  1366: scaled(1366, 768, 100),
  '1366x125': scaled(1366, 768, 125),
  '1366x150': scaled(1366, 768, 150),
  '1366x200': scaled(1366, 768, 200),
  1920: scaled(1920, 1080, 100),
  '1920x125': scaled(1920, 1080, 125),
  '1920x150': scaled(1920, 1080, 150),
  '1920x200': scaled(1920, 1080, 200),
  1024: scaled(1024, 768, 100)
};

const BOTH = [
  ['1366', 'light'],
  ['1366', 'dark']
];
const EVERY = [
  ...BOTH,
  ['1366x125', 'light'],
  ['1366x150', 'dark'],
  ['1366x200', 'light'],
  ['1920', 'light'],
  ['1920x125', 'dark'],
  ['1920x150', 'light'],
  ['1920x200', 'dark'],
  ['1024', 'light']
];

const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(80);
    }
  };

export const SHOTS = [
  { name: 'first-run', scenario: 'first-run', at: BOTH },
  {
    name: 'office-form',
    scenario: 'first-run',
    at: [...BOTH, ['1366x200', 'light']],
    act: async (page) => {
      await page.getByText('Mở văn phòng mới').click();
      await page.waitForTimeout(150);
    }
  },
  {
    name: 'office-form-wrong',
    scenario: 'first-run',
    at: BOTH,
    act: async (page) => {
      await page.getByText('Mở văn phòng mới').click();
      await page.waitForTimeout(150);
      await page.keyboard.press('Control+Enter');
    }
  },
  { name: 'sign-in', scenario: 'sign-in', at: [...BOTH, ['1366x200', 'light']] },
  {
    name: 'sign-in-wrong',
    scenario: 'sign-in-held',
    at: BOTH,
    act: async (page) => {
      await page.keyboard.type('1111');
      await page.keyboard.press('Enter');
    }
  },
  { name: 'desk', scenario: 'desk', at: BOTH },
  { name: 'desk-called', scenario: 'called', at: EVERY },
  { name: 'desk-empty', scenario: 'empty', at: BOTH },
  { name: 'desk-full', scenario: 'full', at: BOTH },
  { name: 'intake-manual', scenario: 'manual', at: BOTH },
  {
    name: 'intake-procedure',
    scenario: 'manual',
    at: BOTH,
    act: async (page) => {
      await page.keyboard.press('Alt+t');
      await page.keyboard.type('khai sinh');
    }
  },
  { name: 'intake', scenario: 'intake', at: EVERY },
  { name: 'intake-ready', scenario: 'ready', at: BOTH },
  { name: 'intake-long', scenario: 'long', at: EVERY },
  { name: 'intake-failing', scenario: 'failing', at: [...BOTH, ['1366x150', 'light']] },
  { name: 'intake-missing', scenario: 'intake', at: BOTH, act: press('Control+Enter') },
  { name: 'queue-folded', scenario: 'intake', at: [['1366x150', 'light']], act: press('Alt+q') },
  { name: 'citizen-folded', scenario: 'intake', at: [['1366x125', 'light']], act: press('Alt+w') },
  { name: 'received', scenario: 'ready', at: EVERY, act: press('Control+Enter') },
  {
    name: 'dossier-doubt',
    scenario: 'doubt',
    at: BOTH,
    act: async (page) => {
      await page.keyboard.press('Control+f');
      await page.keyboard.type('0042');
      await page.waitForTimeout(100);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await page.waitForTimeout(150);
    }
  },
  {
    name: 'reprint',
    scenario: 'ready',
    at: BOTH,
    act: async (page) => {
      await page.keyboard.press('Control+Enter');
      await page.waitForTimeout(200);
      await page.keyboard.press('Control+p');
    }
  },
  {
    name: 'search',
    scenario: 'desk',
    at: BOTH,
    act: async (page) => {
      await page.keyboard.press('Control+f');
      await page.keyboard.type('nguyen thi');
    }
  },
  {
    name: 'search-none',
    scenario: 'desk',
    at: BOTH,
    act: async (page) => {
      await page.keyboard.press('Control+f');
      await page.keyboard.type('khong co ai');
    }
  },
  { name: 'palette', scenario: 'intake', at: BOTH, act: press('Control+k') },
  { name: 'help', scenario: 'intake', at: BOTH, act: press('F1') },
  { name: 'sign', scenario: 'intake', at: BOTH, act: press('Alt+y') },
  { name: 'discard', scenario: 'intake', at: BOTH, act: press('Alt+x') },
  { name: 'call-number', scenario: 'desk', at: BOTH, act: press('Control+g') },
  { name: 'issue-ticket', scenario: 'desk', at: BOTH, act: press('Control+i') },
  { name: 'devices', scenario: 'failing', at: [...BOTH, ['1366x150', 'light']], act: press('F9') },
  {
    name: 'practice',
    scenario: 'called',
    at: [...BOTH, ['1366x150', 'light']],
    act: press('Control+m')
  },
  {
    name: 'sign-ink',
    scenario: 'intake',
    at: BOTH,
    act: async (page) => {
      await press('Alt+y')(page);
      await page.getByRole('button', { name: 'Ký trên màn hình' }).click();
      const box = await page.locator('canvas').boundingBox();
      await page.mouse.move(box.x + 80, box.y + 130);
      await page.mouse.down();
      for (let step = 0; step < 60; step += 1) {
        await page.mouse.move(box.x + 80 + step * 6, box.y + 100 + Math.sin(step / 3) * 45);
      }
      await page.mouse.up();
    }
  },
  {
    name: 'english',
    scenario: 'intake',
    at: BOTH,
    act: async (page) => {
      await press('Control+k')(page);
      await page.keyboard.type('ngon ngu');
      await press('Enter')(page);
      await page.waitForTimeout(150);
      await page.getByLabel('English').check({ force: true });
      await press('Escape')(page);
    }
  },
  { name: 'lock', scenario: 'locked', at: BOTH },
  {
    name: 'hall',
    scenario: 'desk',
    page: 'hall.html',
    at: [
      ['1920', 'dark'],
      ['1366', 'dark'],
      ['1024', 'dark']
    ]
  },
  { name: 'hall-empty', scenario: 'empty', page: 'hall.html', at: [['1920', 'dark']] }
];
