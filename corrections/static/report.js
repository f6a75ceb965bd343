// Offers articles while somebody types into the form's first field. Without it the field is a plain one and all works.
// The pattern is the "editable combobox with list autocomplete" of the ARIA Authoring Practices Guide 1.2.
"use strict";

{
  const PAUSE = 150; // milliseconds without a key before we ask
  const LEAST = 3; // characters

  const box = document.querySelector("[data-suggestions]");
  const input = box?.querySelector("input");
  if (input) {
    offer(box, input);
  }

  function offer(box, input) {
    const list = made("ul", { id: "article-options", role: "listbox", class: "options", "aria-label": box.dataset.label });
    const status = made("p", { role: "status", class: "visually-hidden" });
    let active = -1;
    let timer = 0;
    let asked = null;

    list.hidden = true;
    box.append(list, status);
    set(input, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id });

    const isOpen = () => !list.hidden;

    function forget() {
      clearTimeout(timer);
      asked?.abort();
    }

    function open() {
      list.hidden = list.children.length === 0;
      input.setAttribute("aria-expanded", String(isOpen()));
    }

    function close() {
      list.hidden = true;
      activate(-1);
      input.setAttribute("aria-expanded", "false");
    }

    function activate(index) {
      list.children[active]?.setAttribute("aria-selected", "false");
      active = index;
      const option = list.children[active];
      if (option) {
        option.setAttribute("aria-selected", "true");
        option.scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", option.id);
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    function choose(option) {
      forget();
      input.value = option.dataset.value;
      list.replaceChildren();
      status.textContent = "";
      close();
    }

    function show({ items, announcement }) {
      activate(-1);
      list.replaceChildren(...items.map(optionOf));
      open();
      status.textContent = announcement;
    }

    function optionOf({ title, url, value }, index) {
      const option = made("li", { id: `article-option-${index}`, role: "option", "aria-selected": "false" });
      const name = made("span", { dir: "auto" });
      name.textContent = title;
      option.append(name);
      if (url) {
        const address = made("small", { dir: "ltr" });
        address.textContent = url.replace(/^https?:\/\//, "");
        option.append(" ", address);
      }
      option.dataset.value = value;
      return option;
    }

    async function ask() {
      forget();
      const typed = input.value.trim();
      if (typed.length < LEAST) {
        list.replaceChildren();
        close();
        return;
      }
      asked = new AbortController();
      try {
        const query = new URLSearchParams({ q: typed });
        const answer = await fetch(`${box.dataset.suggestions}?${query}`, { signal: asked.signal, credentials: "omit" });
        if (answer.ok && document.activeElement === input) {
          show(await answer.json());
        }
      } catch {
        // A newer question, or no connection: the field goes on as a plain one.
      }
    }

    input.addEventListener("input", () => {
      forget();
      timer = setTimeout(ask, PAUSE);
    });

    input.addEventListener("keydown", (event) => {
      if (event.isComposing) {
        return;
      }
      const count = list.children.length;
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
        const step = event.key === "ArrowDown" ? 1 : -1;
        open();
        // One place more than there are options: the field itself, with nothing chosen.
        activate(((active + 1 + step + count + 1) % (count + 1)) - 1);
        event.preventDefault();
      } else if (event.key === "Enter" && isOpen() && active >= 0) {
        choose(list.children[active]);
        event.preventDefault();
      } else if (event.key === "Escape" && isOpen()) {
        close();
        event.preventDefault();
      }
    });

    // The browser's own list would lie over ours. But a field that is off is not filled again when somebody comes back.
    input.addEventListener("focus", () => input.setAttribute("autocomplete", "off"));
    input.form.addEventListener("submit", () => input.removeAttribute("autocomplete"));
    input.addEventListener("blur", () => {
      input.removeAttribute("autocomplete");
      forget();
      close();
    });

    // The field keeps the focus while somebody presses on an option.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) {
        choose(option);
      }
    });
  }

  function made(name, attributes) {
    return set(document.createElement(name), attributes);
  }

  function set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      element.setAttribute(name, value);
    }
    return element;
  }
}
