// What the server runs with, and where each value came from.
import { h, replace, table } from './dom.js';
import { t } from './words.js';

export async function open(view) {
  const { settings = [] } = await view.call('AdminService/GetConfiguration');
  const place = h('div', {});
  const only = h('input', { type: 'checkbox', onchange: () => draw() });
  const draw = () => replace(place, table(t('page.configuration'), [
    { name: t('configuration.name'), cell: ({ name }) => h('code', {}, name) },
    { name: t('configuration.value'), cell: ({ value }) => h('code', {}, value || t('none')) },
    {
      name: t('configuration.origin'),
      short: true,
      cell: ({ origin }) => (origin === 'default' ? h('span', { class: 'muted' },
        t('configuration.default')) : origin),
    },
    { name: t('configuration.help'), cell: ({ help }) => h('span', { lang: 'en' }, help) },
  ], settings.filter(({ origin }) => !only.checked || origin !== 'default')));
  replace(view.root, h('h1', {}, t('page.configuration')),
    h('p', { class: 'lead' }, t('configuration.lead')),
    h('label', { class: 'check' }, only, ' ', t('configuration.given')), place);
  draw();
}
