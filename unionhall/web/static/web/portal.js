// What the workers' pages do beyond their HTML: they do all of it without this, only less smoothly.
(function () {
  // A button sends once. The server would answer the second tap like the first; this spares the wait.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    forget(form);
  });
  // Back from the next page, or from a page that never came: it may be sent again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // Words typed are kept while this tab is open, so that a lost connection loses none of them.
  function place(field) { return "draft:" + location.pathname + ":" + field.name; }
  function forget(form) {
    form.querySelectorAll("[data-draft]").forEach(function (field) { sessionStorage.setItem(place(field) + ":sent", field.value); });
  }
  document.querySelectorAll("[data-draft]").forEach(function (field) {
    var kept = sessionStorage.getItem(place(field));
    if (kept && !field.value && kept !== sessionStorage.getItem(place(field) + ":sent")) { field.value = kept; }
    field.addEventListener("input", function () { sessionStorage.setItem(place(field), field.value); });
  });

  // The e-card: the next code before this one ends; without a connection the last one stays, with the time it is good until.
  var code = document.querySelector("[data-renewed]");
  if (!code) { return; }
  function renew() {
    fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" }).then(function (answer) {
      if (!answer.ok || answer.redirected) { throw new Error(); }
      return answer.text();
    }).then(function (text) {
      var next = new DOMParser().parseFromString(text, "text/html").querySelector("[data-renewed]");
      if (!next) { throw new Error(); }
      code.replaceWith(document.adoptNode(next));
      code = next;
    }).catch(function () {
      code.querySelector(".offline").hidden = false;
      if (Date.now() > Number(code.dataset.until) * 1000) { code.classList.add("over"); }
    });
  }
  window.setInterval(renew, Number(code.dataset.renewed) * 1000);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { renew(); } });
})();
