// Changes the standing page into a freshly drawn one, touching only what differs, so that focus,
// half-typed words and scroll positions stay where they are.
"use strict";

const morph = (() => {
  const keyOf = (node) => (node.nodeType === 1 ? node.dataset.key || node.id || "" : "");

  const isSame = (one, other) =>
    one.nodeType === other.nodeType && one.nodeName === other.nodeName && keyOf(one) === keyOf(other);

  function attributes(standing, drawn) {
    for (const { name } of [...standing.attributes]) {
      if (!drawn.hasAttribute(name) && !(standing.matches("details") && name === "open")) standing.removeAttribute(name);
    }
    for (const { name, value } of drawn.attributes) {
      if (standing.getAttribute(name) !== value) standing.setAttribute(name, value);
    }
  }

  function children(standing, drawn) {
    const byKey = new Map();
    for (const child of standing.children) if (keyOf(child)) byKey.set(keyOf(child), child);
    let place = standing.firstChild;
    for (const wanted of [...drawn.childNodes]) {
      const keyed = keyOf(wanted) && byKey.get(keyOf(wanted));
      const match = keyed && isSame(keyed, wanted) ? keyed : !keyOf(wanted) && place && isSame(place, wanted) ? place : null;
      if (!match) {
        standing.insertBefore(document.importNode(wanted, true), place);
        continue;
      }
      if (match === place) place = place.nextSibling;
      else standing.insertBefore(match, place);
      node(match, wanted);
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
  }

  function node(standing, drawn) {
    if (standing.isEqualNode(drawn)) return;
    if (standing.nodeType !== 1) {
      standing.nodeValue = drawn.nodeValue;
      return;
    }
    // What a person is typing into belongs to them.
    if (standing.matches("textarea, input")) {
      if (standing !== document.activeElement && standing.type !== "checkbox" && standing.type !== "radio") attributes(standing, drawn);
      return;
    }
    attributes(standing, drawn);
    if (!standing.matches("select") || standing !== document.activeElement) children(standing, drawn);
  }

  return node;
})();
