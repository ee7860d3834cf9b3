// The reminder list is kept by this browser only: for good, or in the professional's view until the window is closed.
"use strict";

(() => {
  const KEY = "hytevirta.basket";
  const SESSION = "hytevirta.session-only";
  // Once a window has been a professional's, it stays one: what a client's list held must not outlive the meeting.
  if (document.body.dataset.view === "professional") window.sessionStorage.setItem(SESSION, "yes");
  const professional = window.sessionStorage.getItem(SESSION) !== null;
  const store = professional ? window.sessionStorage : window.localStorage;
  const words = document.querySelector("[data-basket-words]")?.dataset ?? {};

  function items() {
    try {
      const kept = JSON.parse(store.getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one?.id === "string") : [];
    } catch {
      return [];
    }
  }

  function keep(list) {
    store.setItem(KEY, JSON.stringify(list.slice(0, 100)));
    tell();
  }

  function has(id) {
    return items().some((one) => one.id === id);
  }

  function toggle(id, name) {
    keep(has(id) ? items().filter((one) => one.id !== id) : [...items(), { id, name }]);
    say(has(id) ? words.added : words.removed, name);
  }

  function say(text, name) {
    const told = document.querySelector("[data-basket-told]");
    if (told && text) told.textContent = text.replace("{name}", name);
  }

  function tell() {
    document.querySelectorAll("[data-basket-count]").forEach((node) => (node.textContent = items().length || ""));
    document.querySelectorAll(".basket-add").forEach((button) => {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(has(button.dataset.entryId)));
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".basket-add");
    if (button) toggle(button.dataset.entryId, button.dataset.name);
  });
  document.addEventListener("htmx:afterSwap", tell);
  window.addEventListener("storage", tell);
  tell();

  const page = document.querySelector("[data-basket-page]");
  if (page) list(page);

  function list(page) {
    const language = document.documentElement.lang;
    const rows = page.querySelector("[data-basket-rows]");
    const template = page.querySelector("template");
    page.querySelectorAll("[data-basket-lead]").forEach((lead) => {
      lead.hidden = (lead.dataset.basketLead === "session") !== professional;
    });

    function written(entry, texts) {
      return texts?.[language]?.text ?? Object.values(texts ?? {})[0]?.text ?? entry.name;
    }

    function phones(entry) {
      const numbers = (entry.channels ?? []).flatMap((channel) => (channel.phones ?? []).map((phone) => phone.number));
      return [...new Set(numbers)].slice(0, 2);
    }

    async function fresh(one) {
      const answer = await fetch(`/v1/entries/${encodeURIComponent(one.id)}`);
      return answer.ok ? answer.json() : null;
    }

    function row(one, entry) {
      const node = template.content.cloneNode(true);
      const link = node.querySelector("a");
      link.textContent = entry ? written(one, entry.name) : one.name;
      node.querySelector("[data-gone]").hidden = Boolean(entry);
      if (entry) link.href = new URL(`/${language}/entries/${entry.entry_id}`, window.location);
      else link.removeAttribute("href");
      node.querySelector("[data-phones]").textContent = entry ? phones(entry).join(", ") : "";
      node.querySelector("[data-provider]").textContent = entry ? written(one, entry.provider.name) : "";
      const button = node.querySelector("button");
      button.setAttribute("aria-label", `${button.textContent.trim()}: ${link.textContent}`);
      button.addEventListener("click", () => {
        keep(items().filter((other) => other.id !== one.id));
        say(words.removed, one.name);
        void draw();
      });
      return node;
    }

    async function draw() {
      const kept = items();
      const entries = await Promise.all(kept.map((one) => fresh(one).catch(() => null)));
      rows.replaceChildren(...kept.map((one, at) => row(one, entries[at])));
      page.querySelector("[data-basket-empty]").hidden = kept.length > 0;
      page.querySelector("[data-basket-full]").hidden = kept.length === 0;
      const addresses = [...rows.querySelectorAll("a[href]")].map((link) => `${link.textContent}: ${link.href}`);
      const mail = page.querySelector("[data-basket-mail]");
      mail.href = `mailto:?subject=${encodeURIComponent(mail.dataset.subject)}&body=${encodeURIComponent(addresses.join("\n"))}`;
      return addresses;
    }

    page.querySelector("[data-basket-print]").addEventListener("click", () => window.print());
    page.querySelector("[data-basket-clear]").addEventListener("click", () => {
      keep([]);
      void draw();
    });
    page.querySelector("[data-basket-share]").addEventListener("click", async () => {
      const text = (await draw()).join("\n");
      if (navigator.share) await navigator.share({ text }).catch(() => undefined);
      else {
        await navigator.clipboard.writeText(text);
        say(words.copied, "");
      }
    });
    void draw();
  }
})();
