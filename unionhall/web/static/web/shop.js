// The counter's camera: reads the digits of a member's card and sends the form as if they had been typed. Typing always works.
(function () {
  "use strict";
  var form = document.querySelector("[data-scan]");
  if (!form) return;
  var told = form.dataset, code = form.querySelector("input.code"), status = form.querySelector("[data-status]");
  var button = form.querySelector(".scan"), box = form.querySelector(".camera"), video = box.querySelector("video");
  var stream = null, timer = 0;

  // Back from the green page the browser may show this form as it was; a new one has a key of its own.
  window.addEventListener("pageshow", function (event) { if (event.persisted) window.location.reload(); });
  form.addEventListener("submit", function () {
    stop();
    window.setTimeout(function () { form.querySelector("[data-send]").disabled = true; }, 0);
  });

  function say(words) { status.textContent = words; }

  function stop() {
    window.clearTimeout(timer);
    if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
    stream = null;
    box.hidden = true;
  }

  function without(words) {
    stop();
    say(words);
    button.hidden = false;
    code.focus();
  }

  function library() {
    return new Promise(function (done, failed) {
      if (window.BarcodeDetectionAPI) { done(window.BarcodeDetectionAPI); return; }
      var script = document.createElement("script");
      script.src = told.library;
      script.onload = function () { done(window.BarcodeDetectionAPI); };
      script.onerror = failed;
      document.head.appendChild(script);
    });
  }

  async function reader() {
    if ("BarcodeDetector" in window) {
      var known = await window.BarcodeDetector.getSupportedFormats().catch(function () { return []; });
      if (known.indexOf("qr_code") >= 0) return new window.BarcodeDetector({ formats: ["qr_code"] });
    }
    var ours = await library();
    ours.prepareZXingModule({ overrides: { locateFile: function (path, before) { return path.endsWith(".wasm") ? told.wasm : before + path; } } });
    return new ours.BarcodeDetector({ formats: ["qr_code"] });
  }

  function read(text) {
    if (!/^[0-9]{8}$/.test(text)) { say(told.strange); return false; }
    code.value = text;
    stop();
    if (!form.querySelector("input[type=radio]:checked")) {
      say(told.choose);
      button.hidden = false;
      form.querySelector("input[type=radio]").focus();
      return true;
    }
    say(told.found);
    form.requestSubmit();
    return true;
  }

  async function scan() {
    button.hidden = true;
    say("");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment" } });
      video.srcObject = stream;
      box.hidden = false;
      await video.play();
      var eye = await reader();
    } catch (error) {
      without(told.refused);
      return;
    }
    say(told.looking);
    (async function look() {
      if (!stream) return;
      var found = [];
      try { found = await eye.detect(video); } catch (error) { if (!stream) return; without(told.refused); return; }
      if (found.length && read(found[0].rawValue)) return;
      timer = window.setTimeout(look, 150);
    })();
  }

  if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
    button.hidden = false;
    button.addEventListener("click", scan);
  }
})();
