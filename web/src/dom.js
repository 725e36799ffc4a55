// Elements from text. Nothing of the document is ever parsed as HTML.

/** Makes an element: attributes of an object, children that are nodes or text. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

export const p = (...children) => h("p", {}, ...children);

/** Explains what the figures beside it are. */
export const note = (...children) => h("p", { class: "note" }, ...children);

/** What people need now and then only. */
export const fold = (summary, ...children) =>
  h("details", {}, h("summary", {}, summary), ...children);
