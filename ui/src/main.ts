// The desk window.
import { mount } from 'svelte';
import './lib/base.css';
import Root from './Root.svelte';
import { deskHost } from './lib/host/choose';

const target = document.getElementById('app');
if (target) mount(Root, { target, props: { host: await deskHost() } });
