// Away at once: the page is left without a trace of it behind the back button, as far as a page can see to that.
"use strict";

(() => {
  const link = document.querySelector("a.quick-exit");
  if (!link) return;

  function leave() {
    window.sessionStorage.clear();
    document.documentElement.hidden = true;
    window.location.replace(link.href);
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let pressed = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    pressed = [...pressed.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (pressed.length >= 3) leave();
  });
})();
