// Reads the stand-in's beginning from the page address: `?scenario=intake&frozen=1&pace=0`.

import type { FakeOptions } from './index';
import { SCENARIOS, type ScenarioName } from './scenarios';

export function readFakeOptions(search: string): FakeOptions {
  const params = new URLSearchParams(search);
  const wanted = params.get('scenario');
  const scenario: ScenarioName = SCENARIOS.find((name) => name === wanted) ?? 'first-run';
  return {
    scenario,
    frozen: params.get('frozen') === '1',
    pace: Number(params.get('pace') ?? '1')
  };
}
