// Results follow what is typed. Who sends the form by hand is taken to them; who types stays in the field.
"use strict";

document.addEventListener("htmx:afterSettle", (event) => {
  const asked = event.detail.requestConfig?.triggeringEvent;
  if (asked?.type === "submit" && event.target.id === "results") document.querySelector("#results-heading")?.focus();
});

// htmx notes each address it goes to; words that were searched for are not kept, not even by the window.
for (const event of ["htmx:pushedIntoHistory", "htmx:historyRestore", "htmx:afterSettle", "pagehide"]) {
  window.addEventListener(event, () => window.sessionStorage.removeItem("htmx-current-path-for-history"));
}

// The address says what was asked for, and nothing of what was left empty.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of [...detail.formData.entries()]) if (value === "") detail.formData.delete(name);
});
