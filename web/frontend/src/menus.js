// Side bar on narrow screens, and drop-downs. Both open without this script; it adds Esc and focus.

import { once } from './dom.js';

export function start(root) {
  once(root, '[data-menu]', 'menuReady', (button) => {
    const bar = document.querySelector(button.getAttribute('href'));
    button.setAttribute('role', 'button');
    button.setAttribute('aria-expanded', 'false');
    button.addEventListener('click', (event) => {
      event.preventDefault();
      open(bar, button);
    });
    bar.addEventListener('keydown', (event) => event.key === 'Escape' && close(bar, button));
    bar.querySelector('.k-sidebar-close')?.addEventListener('click', (event) => {
      event.preventDefault();
      close(bar, button);
    });
    document.addEventListener('click', ({ target }) => {
      const outside = !bar.contains(target) && !button.contains(target);
      if (outside && bar.classList.contains('is-open')) close(bar, button);
    });
  });
}

function open(bar, button) {
  bar.classList.add('is-open');
  button.setAttribute('aria-expanded', 'true');
  (bar.querySelector('.k-sidebar-close') ?? bar.querySelector('a'))?.focus();
}

function close(bar, button) {
  bar.classList.remove('is-open');
  button.setAttribute('aria-expanded', 'false');
  button.focus();
}

document.addEventListener('click', ({ target }) => {
  for (const menu of document.querySelectorAll('details.k-dropdown[open]')) {
    if (!menu.contains(target)) menu.open = false;
  }
});

document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' && event.target.closest?.('details.k-dropdown[open]');
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});
