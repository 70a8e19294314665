// Elements. All words of a report come out as text nodes: nothing here makes markup of a string.

/// h('a.button', {href: '#x', onclick: f}, 'text', element, [more]): attributes that are null or false are left out.
export function h(name, attributes, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'style') Object.assign(element.style, value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function replace(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const number = (value) => value.toLocaleString('en-US');
export const counted = (count, what) => `${number(count)} ${what}${count === 1 ? '' : 's'}`;

/// A value of the style sheet as a browser has resolved it for the theme at hand.
export function color(name) {
  const probe = h('span', { style: { color: `var(--${name})`, display: 'none' } });
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
