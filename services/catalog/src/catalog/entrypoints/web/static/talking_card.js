// Answers are read from the page and never leave it: no request, no storage, no address holds them.
"use strict";

(() => {
  const card = document.querySelector("[data-talking-card]");
  if (!card) return;
  const place = card.querySelector("#card-municipality");
  const found = card.querySelector("[data-found]");
  const status = card.querySelector("[data-status]");
  const nothing = card.querySelector("[data-nothing]");
  const topics = [...card.querySelectorAll("[data-topic]")];
  card.classList.add("alive");

  function wanted() {
    const leading = card.querySelectorAll("input[type=radio][data-leads]:checked");
    return new Set([...leading].flatMap((input) => input.dataset.leads.split(" ")));
  }

  function near(link) {
    const address = new URL(link.href);
    if (place.value) address.searchParams.set("municipality", place.value);
    else address.searchParams.delete("municipality");
    link.href = address.pathname + address.search;
  }

  function show() {
    const codes = wanted();
    for (const topic of topics) topic.hidden = !codes.has(topic.dataset.topic);
    nothing.hidden = codes.size > 0;
    found.hidden = codes.size === 0;
    const words = codes.size === 1 ? status.dataset.one : status.dataset.many.replace("{count}", codes.size);
    status.textContent = codes.size ? words : "";
  }

  card.addEventListener("change", (event) => {
    if (event.target === place) topics.forEach((topic) => near(topic.querySelector("a")));
    else show();
  });
  card.querySelector("[data-clear]").addEventListener("click", () => {
    card.querySelectorAll("input[type=radio]").forEach((input) => (input.checked = false));
    show();
    card.querySelector("input[type=radio]").focus();
  });
  // A page that comes back from the history may have kept what was chosen on it.
  topics.forEach((topic) => near(topic.querySelector("a")));
  show();
})();
