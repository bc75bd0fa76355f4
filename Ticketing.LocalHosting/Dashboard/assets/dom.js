// Makes and updates elements. Nothing is ever parsed as HTML, so that no text of a log can become markup.

export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(2).filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

/** Sets a text only if it is another one: nothing flickers, and no selection is lost. */
export function text(node, value) {
  if (node.textContent !== String(value)) node.textContent = value;
}

/** Sets or takes away an attribute only if it changes. */
export function attribute(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** Shows one child for each item: what stays is kept with its focus, what is new is made, what is gone is removed. */
export function keyed(parent, items, keyOf, make, update = () => {}) {
  const present = parent.keyed ??= new Map();
  const wanted = new Set(items.map(keyOf));
  for (const [key, node] of present) {
    if (wanted.has(key)) continue;
    node.remove();
    present.delete(key);
  }
  let at = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let node = present.get(key);
    if (!node) present.set(key, node = make(item));
    update(node, item);
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
}

/** Tells those who listen to the page. */
export function say(words) {
  document.getElementById('said').textContent = words;
}

/** Calls at most once in so many milliseconds, and always after the last wish. */
export function soon(action, milliseconds) {
  let waiting = 0;
  return (...given) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => action(...given), milliseconds);
  };
}
