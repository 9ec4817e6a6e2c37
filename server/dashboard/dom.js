// Elements made from values. Whatever comes from a server becomes a text node or an attribute's
// value, never markup.

const SVG = 'http://www.w3.org/2000/svg';

// h('button', {class: 'plain', onclick: f, disabled: false}, 'text', child, [children], null)
// Tags that begin with "svg:" are of SVG. A property that is null or false is left out.
export function h(tag, properties = {}, ...children) {
  const svg = tag.startsWith('svg:');
  const element = svg
    ? document.createElementNS(SVG, tag.slice(4))
    : document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'value') {
      element.value = value;
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined
    && child !== false));
  return element;
}

export function replace(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(Boolean));
}

// A link to where an article stands: only of the web, since a url is whatever was submitted.
export function outside(url, text) {
  if (!/^https?:\/\//i.test(url || '')) return null;
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, text);
}

// `columns`: [{name, cell: row => child, number: bool, short: bool}]; what is `short` has no line
// breaks. On a narrow screen each row is a block whose cells have their column's name before them.
export function table(caption, columns, rows) {
  const kind = (column) => (column.number ? 'number' : column.short ? 'short' : null);
  return h('table', { class: 'stacked' },
    h('caption', { class: 'hidden' }, caption),
    h('thead', {}, h('tr', {}, columns.map((column) =>
      h('th', { scope: 'col', class: kind(column) }, column.name)))),
    h('tbody', {}, rows.map((row) => h('tr', {}, columns.map((column) =>
      h('td', { 'data-name': column.name, class: kind(column) },
        column.cell(row)))))));
}

let ids = 0;
// A labelled control.
export function field(label, control, hint) {
  control.id ||= `f${++ids}`;
  return h('div', { class: 'field' },
    h('label', { for: control.id }, label), control,
    hint ? h('p', { class: 'hint' }, hint) : null);
}

// Asks before something is done. `run()` does it; its error is shown and the dialog stays.
export function confirmed({ title, text, body, yes, no, danger, run, explain }) {
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const agree = h('button', { class: danger ? 'danger' : 'primary', type: 'submit' }, yes);
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' },
    h('form', {
      method: 'dialog',
      onsubmit: async (event) => {
        event.preventDefault();
        agree.disabled = true;
        trouble.textContent = '';
        try {
          await run();
          dialog.close();
        } catch (error) {
          trouble.textContent = explain(error);
          agree.disabled = false;
        }
      },
    },
    h('h2', { id: 'dialog-title' }, title), text ? h('p', {}, text) : null, body, trouble,
    h('div', { class: 'buttons' },
      h('button', { type: 'button', onclick: () => dialog.close() }, no), agree)));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
