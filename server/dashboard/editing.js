// What an editor may do with a cluster, each asked about before it is done.
import { confirmed, field, h } from './dom.js';
import { count } from './format.js';
import { explain } from './terms.js';
import { t } from './words.js';

const ACTOR = 'wonbon.actor';
const MAX_ACTOR = 80;   // of 256 bytes, whatever the script
const MAX_NOTE = 300;   // of 1 KiB

// The buttons below a cluster; `picked`: ids of documents.
export function editing(view, cluster, picked) {
  const ids = h('input', { name: 'clusters', autocomplete: 'off', required: true });
  return [h('h2', {}, t('edit.title')),
    h('div', { class: 'buttons' },
      h('button', {
        disabled: !picked.length,
        onclick: () => confirmEdit(view, 'split', cluster, picked),
      }, t('edit.split', { count: count(picked.length) })),
      cluster.pinnedDocumentId ? h('button', {
        onclick: () => confirmEdit(view, 'unpin', cluster),
      }, t('edit.unpin')) : null),
    h('form', {
      class: 'row',
      onsubmit: (event) => {
        event.preventDefault();
        const others = ids.value.split(/[\s,]+/).filter(Boolean);
        confirmEdit(view, 'merge', cluster, others);
      },
    }, field(t('edit.merge.ids'), ids, t('edit.merge.hint')),
    h('button', { type: 'submit' }, t('edit.merge')))];
}

// Each act: its call, and what to fill its question with.
const ACTS = {
  pin: (cluster, id) => ({
    rpc: 'PinCanonical', request: { clusterId: cluster.clusterId, documentId: id },
    places: { id },
  }),
  unpin: (cluster) => ({
    rpc: 'PinCanonical', request: { clusterId: cluster.clusterId }, places: {},
  }),
  merge: (cluster, ids) => ({
    rpc: 'MergeClusters', request: { clusterIds: [cluster.clusterId, ...ids] },
    places: { ids: [cluster.clusterId, ...ids].join(', ') },
  }),
  split: (cluster, ids) => ({
    rpc: 'SplitCluster', request: { clusterId: cluster.clusterId, documentIds: ids },
    places: { count: count(ids.length) },
  }),
};

export function confirmEdit(view, act, cluster, what) {
  const { rpc, request, places } = ACTS[act](cluster, what);
  const actor = h('input', {
    name: 'actor', maxlength: MAX_ACTOR, value: sessionStorage.getItem(ACTOR) || '',
    autocomplete: 'off',
  });
  const note = h('input', { name: 'note', maxlength: MAX_NOTE, autocomplete: 'off' });
  confirmed({
    title: t(`edit.${act}.ask`),
    text: t(`edit.${act}.text`, places),
    body: [field(t('edit.actor'), actor), field(t('edit.note'), note)],
    yes: t('yes'),
    no: t('cancel'),
    danger: act === 'split' || act === 'merge',
    explain,
    run: async () => {
      sessionStorage.setItem(ACTOR, actor.value);
      const answer = await view.call(`DedupService/${rpc}`, {
        collection: view.collection, ...request, actor: actor.value, note: note.value,
      });
      view.say(t(`edit.done.${act}`));
      const target = view.link(`cluster/${answer.cluster.clusterId}`);
      if (location.hash === target) dispatchEvent(new HashChangeEvent('hashchange'));
      else location.hash = target;
    },
  });
}
