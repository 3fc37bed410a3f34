// The script of every page: starts each island where the page asks for it. Pages work without it.

import * as chips from './chips.js';
import * as dates from './dates.js';
import * as drafts from './drafts.js';
import * as files from './files.js';
import './htmx.js';
import * as menus from './menus.js';
import * as rows from './rows.js';
import * as showwhen from './showwhen.js';
import * as submit from './submit.js';
import * as tabs from './tabs.js';

const ISLANDS = [menus, chips, tabs, rows, dates, files, showwhen, drafts, submit];

function start(root) {
  for (const island of ISLANDS) island.start(root);
}

document.documentElement.classList.add('has-js');
start(document);
document.addEventListener('htmx:load', ({ target }) => start(target));
document.addEventListener('kartabl:added', ({ target }) => start(target));
