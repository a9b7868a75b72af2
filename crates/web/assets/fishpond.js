// Makes pages nicer; every page works without it.
(function () {
  "use strict";
  var on = function (what, selector, act) {
    document.addEventListener(what, function (event) {
      var found = event.target.closest && event.target.closest(selector);
      if (found) act(found, event);
    });
  };
  // A filter takes effect when it is chosen.
  on("change", "select[data-submit]", function (select) { select.form.requestSubmit(); });
  // Dialogs open over the page instead of at their anchor.
  on("click", "[data-dialog]", function (link, event) {
    var dialog = document.getElementById(link.dataset.dialog);
    if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); }
  });
  on("click", "[data-close]", function (link, event) {
    var dialog = link.closest("dialog");
    if (dialog && dialog.open) { event.preventDefault(); dialog.close(); }
  });
  // Files may be dropped on their field.
  ["dragover", "dragleave", "drop"].forEach(function (what) {
    on(what, "[data-drop]", function (zone, event) {
      event.preventDefault();
      zone.classList.toggle("over", what === "dragover");
      if (what === "drop") zone.querySelector("input[type=file]").files = event.dataTransfer.files;
    });
  });
  // Work that goes on is followed in place; at its end the page is loaded anew.
  document.querySelectorAll("[data-poll]").forEach(function (work) {
    var bar = work.querySelector("progress"), text = work.querySelector("[role=status]");
    (function ask() {
      fetch(work.dataset.poll, { headers: { accept: "application/json" } }).then(function (answer) {
        return answer.json();
      }).then(function (now) {
        if (now.total) { bar.max = now.total; bar.value = now.done; }
        text.textContent = now.text || text.textContent;
        if (!now.running) return location.reload();
        setTimeout(ask, 1000);
      }).catch(function () { setTimeout(ask, 5000); });
    })();
  });
  // The summary of a refused form is read first.
  var summary = document.querySelector(".summary[role=alert]");
  if (summary && !location.hash) summary.focus({ preventScroll: true });
  // Tables are whole on paper.
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
  });
})();
