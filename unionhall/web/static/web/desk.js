// The desk's small helpers. Every page works without them: menu, ticked rows, shortcuts, drafts, print, focus on mistakes.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("scripted");
  function all(where, what) { return Array.prototype.slice.call((where || document).querySelectorAll(what)); }
  function one(where, what) { return (where || document).querySelector(what); }

  var opener = one(document, ".side-open");
  if (opener) {
    opener.hidden = false;
    opener.addEventListener("click", function () {
      var open = one(document, "#menu").classList.toggle("open");
      opener.setAttribute("aria-expanded", String(open));
    });
  }

  var narrower = one(document, ".filters-open");
  if (narrower) {
    narrower.addEventListener("click", function () {
      narrower.setAttribute("aria-expanded", String(one(document, "#filters").classList.toggle("open")));
    });
  }

  // Ticked rows: how many, and the heading's box ticks the page's.
  function count() {
    var bar = one(document, "[data-bulk]");
    if (!bar) { return; }
    var ticked = all(document, "#rows input[name=sel]:checked").length, said = one(bar, "[data-ticked]");
    said.hidden = !ticked;
    bar.hidden = !ticked && !one(bar, "[name=all]").checked;
    one(said, "b").textContent = ticked;
  }
  count();
  document.addEventListener("change", function (event) {
    var box = event.target;
    if (box.matches("[data-all]")) { all(document, "#rows input[name=sel]").forEach(function (each) { each.checked = box.checked; }); }
    if (box.closest("#rows")) { count(); }
    var group = box.closest && box.closest(".filters .pop-body");
    if (group) {
      var said = all(group, "input:checked").map(function (each) { return each.parentNode.textContent.trim(); }).join("、");
      one(group.parentNode, "[data-said]").textContent = said || group.getAttribute("data-none");
    }
  });
  // Filters narrow as they are chosen; a date half typed and words half typed wait for the button or Enter.
  document.addEventListener("htmx:confirm", function (event) {
    var from = event.detail.triggeringEvent && event.detail.triggeringEvent.target;
    if (event.target.id === "filters" && from && from.name === "q" && event.detail.triggeringEvent.type === "change") { event.preventDefault(); }
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.target.id !== "list") { return; }
    count();
    var query = location.search.slice(1);
    all(document, "[data-query]").forEach(function (each) { each.value = query; });
    all(document, ".views > a").forEach(function (each) {
      var here = each.search.slice(1) === (query || "reset=1");
      each.classList.toggle("btn-primary", here);
      if (here) { each.setAttribute("aria-current", "page"); } else { each.removeAttribute("aria-current"); }
    });
  });
  // One that would reach over the right edge opens to the left.
  document.addEventListener("toggle", function (event) {
    var body = event.target.matches("details.pop[open]") && one(event.target, ".pop-body");
    if (body && body.getBoundingClientRect().right > root.clientWidth) { event.target.classList.add("pop-end"); }
  }, true);
  // An open pop-up closes when one clicks elsewhere or presses Escape.
  document.addEventListener("click", function (event) {
    all(document, "details.pop[open]").forEach(function (each) { if (!each.contains(event.target)) { each.open = false; } });
  });

  // / finds · j k walk the rows · x ticks · o opens
  var at = -1;
  function rows() { return all(document, ".rows tbody tr"); }
  function go(step) {
    var lines = rows();
    if (!lines.length) { return; }
    if (lines[at]) { lines[at].classList.remove("at"); }
    at = Math.max(0, Math.min(lines.length - 1, at + step));
    lines[at].classList.add("at");
    lines[at].scrollIntoView({ block: "nearest" });
    var link = one(lines[at], "a");
    if (link) { link.focus({ preventScroll: true }); }
  }
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { all(document, "details.pop[open]").forEach(function (each) { each.open = false; one(each, "summary").focus(); }); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.matches("input:not([type=checkbox]), textarea, select")) { return; }
    var line = rows()[at];
    if (event.key === "/") {
      var box = one(document, "#find") || one(document, "#search");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    } else if (event.key === "j") { go(1); } else if (event.key === "k") { go(-1); } else if (event.key === "x" && line) {
      var tick = one(line, "input[name=sel]");
      if (tick) { tick.click(); }
    } else if (event.key === "o" && line) {
      var link = one(line, "a");
      if (link) { link.click(); }
    }
  });
  document.addEventListener("click", function (event) { if (event.target.closest("[data-print]")) { window.print(); } });

  // A long form keeps what was typed on this machine until it was sent. Sealed fields (data-secret, passwords) are never kept.
  all(document, "form[data-draft]").forEach(function (form) {
    var name = "draft:" + location.pathname, kept = null;
    function fields() { return all(form, "input, textarea, select").filter(function (each) { return each.name && !each.matches("[type=hidden], [type=password], [type=file], [data-secret]"); }); }
    try { kept = JSON.parse(localStorage.getItem(name)); } catch (error) { kept = null; }
    if (kept && kept.until > Date.now() && !one(document, ".summary")) {
      fields().forEach(function (each, place) {
        var was = kept.values[place];
        if (!was || was[0] !== each.name) { return; }
        if (each.type === "checkbox" || each.type === "radio") { each.checked = was[1]; } else if (!each.value) { each.value = was[1]; }
      });
    }
    form.addEventListener("input", function () {
      var values = fields().map(function (each) { return [each.name, each.type === "checkbox" || each.type === "radio" ? each.checked : each.value]; });
      try { localStorage.setItem(name, JSON.stringify({ until: Date.now() + 864e5, values: values })); } catch (error) { /* full or forbidden: then there is no draft */ }
    });
    form.addEventListener("submit", function () { try { localStorage.removeItem(name); } catch (error) { /* nothing to forget */ } });
  });

  var wrong = one(document, "[data-focus]");
  if (wrong) { wrong.focus(); }
  // What was just done can be taken back at hand for ten seconds; after that on the page of the last day.
  window.setTimeout(function () { all(document, ".said-success form").forEach(function (each) { each.remove(); }); }, 10000);
})();
