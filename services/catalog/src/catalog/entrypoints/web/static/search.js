// Results follow what is typed. Who sends the form by hand is taken to them; who types stays in the field.
"use strict";

document.addEventListener("htmx:afterSettle", (event) => {
  const asked = event.detail.requestConfig?.triggeringEvent;
  if (asked?.type === "submit" && event.target.id === "results") document.querySelector("#results-heading")?.focus();
});
