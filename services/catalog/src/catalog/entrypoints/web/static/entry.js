// What only a browser can do with a page: hand its address on, and print it. Without this file the address is a link.
"use strict";

(() => {
  const tools = document.querySelector("[data-entry-tools]");
  if (!tools) return;
  const share = tools.querySelector("[data-share]");
  const print = tools.querySelector("[data-print]");
  const told = document.querySelector("[data-basket-told]");
  const address = tools.querySelector("[data-address]").href;

  share.addEventListener("click", async () => {
    if (navigator.share) await navigator.share({ title: document.title, url: address }).catch(() => undefined);
    else {
      await navigator.clipboard.writeText(address);
      told.textContent = share.dataset.copied;
    }
  });
  print.addEventListener("click", () => window.print());
  share.hidden = false;
  print.hidden = false;
  tools.querySelector("[data-address]").closest("li").hidden = true;
})();
