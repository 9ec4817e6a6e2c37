// Two pasted texts: are they one article, and why. Nothing is stored.
import { field, h, replace } from './dom.js';
import { sides } from './sides.js';
import { verdict } from './verdict.js';
import { t } from './words.js';

export async function open(view) {
  const first = textFields(t('compare.first'));
  const second = textFields(t('compare.second'));
  const answer = h('div', { id: 'answer' });
  const compare = async () => {
    replace(answer, h('p', { class: 'muted' }, t('cluster.comparing')));
    try {
      const comparison = await view.call('DedupService/Compare', {
        collection: view.collection,
        a: { document: first.document() },
        b: { document: second.document() },
      });
      replace(answer, verdict(comparison), sides(first.shown(), second.shown(), comparison));
      answer.querySelector('h2').focus();
    } catch (error) {
      view.fail(error, answer);
    }
  };
  replace(view.root, h('h1', {}, t('page.compare')), h('p', { class: 'lead' }, t('compare.lead')),
    h('form', {
      id: 'compare',
      'data-keep': true,
      onsubmit: (event) => {
        event.preventDefault();
        compare();
      },
      onreset: () => replace(answer),
    },
    h('div', { class: 'columns' }, first.element, second.element),
    h('div', { class: 'buttons' },
      h('button', { type: 'reset' }, t('compare.clear')),
      h('button', { class: 'primary', type: 'submit' }, t('compare.go')))),
    answer);
}

function textFields(legend) {
  const title = h('input', { autocomplete: 'off' });
  const publisher = h('input', { autocomplete: 'off' });
  const body = h('textarea', { rows: 10, required: true });
  return {
    element: h('fieldset', {}, h('legend', {}, legend),
      field(t('compare.title'), title), field(t('compare.body'), body),
      field(t('compare.publisher'), publisher)),
    document: () => ({
      title: title.value, body: body.value, publisher: publisher.value,
    }),
    shown: () => ({ title: title.value || legend, meta: publisher.value, body: body.value }),
  };
}
