// A row of chips scrolls sideways on a narrow screen: bring the chosen one into sight.

import { once } from './dom.js';

export function start(root) {
  once(root, '.k-chips > [aria-current]', 'chipReady', (chip) => {
    chip.parentElement.scrollLeft +=
      chip.getBoundingClientRect().left - (chip.parentElement.clientWidth - chip.offsetWidth) / 2;
  });
}
