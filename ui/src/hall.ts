// The hall display: a window on the second monitor, or any browser on the office's network.
import { mount } from 'svelte';
import './lib/base.css';
import { hallHost } from './lib/host/choose';
import Hall from './screens/hall/Hall.svelte';

const target = document.getElementById('app');
if (target) mount(Hall, { target, props: { host: await hallHost() } });
