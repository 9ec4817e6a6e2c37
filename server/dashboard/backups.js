// The backups: which there are, another one, and whether one is whole.
import { confirmed, h, replace, table } from './dom.js';
import { bytes, count, time } from './format.js';
import { explain } from './terms.js';
import { t } from './words.js';

export async function open(view) {
  const place = h('div', { 'aria-live': 'polite' });
  replace(view.root, h('h1', {}, t('page.backups')),
    h('p', {}, h('button', { class: 'primary', onclick: () => make(view) }, t('backups.make'))),
    place);
  try {
    const { backups = [] } = await view.call('AdminService/ListBackups');
    replace(place, backups.length ? list(view, backups)
      : h('p', { class: 'muted' }, t('backups.empty')));
  } catch (error) {
    view.fail(error, place);
  }
}

function list(view, backups) {
  return table(t('page.backups'), [
    { name: t('backups.made'), cell: (backup) => time(backup.createdAt) },
    { name: t('backups.name'), cell: (backup) => h('code', {}, backup.name) },
    { name: t('backups.bytes'), number: true, cell: (backup) => bytes(backup.bytes) },
    { name: t('backups.sequence'), number: true, cell: (backup) => count(backup.sequence) },
    { name: t('backups.state'), cell: (backup) => backup.trouble || t('backups.unread') },
    {
      name: t('backups.verify'),
      cell: (backup) => h('button', {
        class: 'quiet', onclick: () => verify(view, backup.name),
      }, t('backups.verify')),
    },
  ], [...backups].reverse());
}

function make(view) {
  confirmed({
    title: t('backups.make.ask'),
    text: t('backups.make.text'),
    yes: t('yes'),
    no: t('cancel'),
    explain,
    run: async () => {
      await view.call('AdminService/CreateBackup');
      view.say(t('backups.done'));
      await open(view);
    },
  });
}

function verify(view, name) {
  confirmed({
    title: t('backups.verify.ask', { name }),
    text: t('backups.verify.text'),
    yes: t('yes'),
    no: t('cancel'),
    explain,
    run: async () => {
      const { damage = [] } = await view.call('AdminService/VerifyBackup', { backup: name });
      if (damage.length) throw new Error(damage.join('\n'));
      view.say(t('backups.verified', { name }));
    },
  });
}
