// The collections and their settings.
import { confirmed, field, h, replace, table } from './dom.js';
import { count, percent, seconds, span, time } from './format.js';
import { explain } from './terms.js';
import { t } from './words.js';

const DAY = 86400;

export async function open(view) {
  const page = await view.call('CollectionService/ListCollections', { pageSize: 1000 });
  const names = (list) => (list?.length ? list.join(', ') : t('none'));
  replace(view.root, h('h1', {}, t('page.collections')), table(t('page.collections'), [
    {
      name: t('collections.name'),
      cell: ({ name }) => h('a', {
        href: view.link('clusters', { collection: name === 'default' ? '' : name }),
      }, name),
    },
    { name: t('collections.documents'), number: true, cell: ({ documents }) => count(documents) },
    { name: t('collections.clusters'), number: true, cell: ({ clusters }) => count(clusters) },
    { name: t('collections.share'), number: true, cell: share },
    { name: t('collections.preferred'), cell: (c) => names(c.settings?.preferredPublishers) },
    { name: t('collections.wire'), cell: (c) => names(c.settings?.wirePublishers) },
    { name: t('collections.retention'), cell: (c) => retention(c.settings?.retention) },
    { name: t('collections.made'), cell: ({ createdAt }) => time(createdAt) },
    {
      name: t('collections.edit'),
      cell: (collection) => h('button', {
        class: 'quiet', onclick: () => edit(view, collection),
      }, t('collections.edit')),
    },
  ], page.collections || []));
}

function share({ documents, clusters }) {
  const all = Number(documents || 0);
  return all ? percent((all - Number(clusters || 0)) / all) : '–';
}

const retention = (duration) => (seconds(duration) > 0
  ? span(seconds(duration)) : t('collections.forever'));

function edit(view, { name, settings = {} }) {
  const lines = (list) => h('textarea', { rows: 4, value: (list || []).join('\n') });
  const preferred = lines(settings.preferredPublishers);
  const wire = lines(settings.wirePublishers);
  const days = h('input', {
    type: 'number', min: 0, step: 'any', value: seconds(settings.retention) / DAY,
  });
  const read = (area) => area.value.split('\n').map((line) => line.trim()).filter(Boolean);
  confirmed({
    title: t('collections.edit.title', { name }),
    body: [field(t('collections.preferred'), preferred, t('collections.hint')),
      field(t('collections.wire'), wire, t('collections.hint')),
      field(t('collections.retention.days'), days)],
    yes: t('save'),
    no: t('cancel'),
    explain,
    run: async () => {
      const kept = Number(days.value) * DAY;
      await view.call('CollectionService/UpdateCollection', {
        name,
        settings: {
          preferredPublishers: read(preferred),
          wirePublishers: read(wire),
          retention: kept > 0 ? `${kept}s` : undefined,
        },
        updateMask: '*',
      });
      view.say(t('collections.saved'));
      await open(view);
    },
  });
}
