// Tabs out of a list of links to parts of the page.

import { once } from './dom.js';

const rtl = document.documentElement.dir !== 'ltr';

export function start(root) {
  once(root, '[data-tabs]', 'tabsReady', setUp);
}

function setUp(nav) {
  const tabs = [...nav.querySelectorAll('a[href^="#"]')].filter(panelOf);
  nav.setAttribute('role', 'tablist');
  for (const tab of tabs) {
    const panel = panelOf(tab);
    tab.id ||= `tab-${panel.id}`;
    set(tab, { role: 'tab', 'aria-controls': panel.id });
    set(panel, { role: 'tabpanel', 'aria-labelledby': tab.id, tabindex: '0' });
    tab.addEventListener('click', (event) => {
      event.preventDefault();
      history.replaceState(history.state, '', tab.hash);
      select(tabs, tab);
    });
  }
  nav.addEventListener('keydown', (event) => moved(tabs, event));
  window.addEventListener('hashchange', () => reveal(tabs));
  select(tabs, wanted(tabs) ?? tabs[0]);
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

function panelOf(tab) {
  return document.getElementById(tab.hash.slice(1));
}

/** Find the tab to open first: the one with errors, or the one that the address points into. */
function wanted(tabs) {
  const wrong = tabs.find((tab) => panelOf(tab).querySelector('.k-error-summary'));
  return wrong ?? pointedAt(tabs);
}

function pointedAt(tabs) {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  return target ? tabs.find((tab) => panelOf(tab).contains(target)) : undefined;
}

function reveal(tabs) {
  const tab = pointedAt(tabs);
  if (!tab) return;
  select(tabs, tab);
  document.getElementById(decodeURIComponent(location.hash.slice(1))).focus();
}

function select(tabs, chosen) {
  for (const tab of tabs) {
    const on = tab === chosen;
    tab.setAttribute('aria-selected', String(on));
    tab.tabIndex = on ? 0 : -1;
    panelOf(tab).hidden = !on;
  }
}

function moved(tabs, event) {
  const at = tabs.indexOf(event.target.closest('[role=tab]'));
  const forward = rtl ? 'ArrowLeft' : 'ArrowRight';
  const back = rtl ? 'ArrowRight' : 'ArrowLeft';
  const to = { [forward]: at + 1, [back]: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  const tab = tabs[to % tabs.length];
  tab.focus();
  tab.click();
}
