// Bootstrap's dark colours follow the system's. Before the page is drawn, so that nothing flashes.
(function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function follow() { document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light"); }
  follow();
  dark.addEventListener("change", follow);
})();
