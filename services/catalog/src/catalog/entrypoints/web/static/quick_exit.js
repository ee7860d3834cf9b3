// Away at once: the page is left without a trace of it behind the back button, as far as a page can see to that.
"use strict";

(() => {
  const exit = () => document.querySelector("a.quick-exit");

  function leave(link) {
    window.sessionStorage.clear();
    document.documentElement.hidden = true;
    window.location.replace(link.href);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.quick-exit");
    if (!link) return;
    event.preventDefault();
    leave(link);
  });
  let pressed = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    pressed = [...pressed.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (pressed.length >= 3 && exit()) leave(exit());
  });
})();
