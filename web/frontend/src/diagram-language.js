// Diagrams carry Persian names, and an English one for each as the property nameEn.

import { language } from './words.js';

/** Let an English page draw the English names; what has none keeps its Persian one. */
export function speak(viewer) {
  if (language !== 'en') return;
  viewer.on('import.parse.complete', ({ elementsById = {} }) => {
    for (const each of Object.values(elementsById)) rename(each);
  });
}

function rename(each) {
  const name = englishName(each);
  if (!name) return;
  if (each.$instanceOf('bpmn:TextAnnotation')) each.set('text', name);
  else if (each.name) each.set('name', name);
}

function englishName(each) {
  const holders = each.extensionElements?.values ?? [];
  const properties = holders.flatMap((holder) => holder.$children ?? []);
  return properties.find(({ name }) => name === 'nameEn')?.value;
}
