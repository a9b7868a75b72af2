// Passkeys: shows the forms that need script, asks this site for options and hands the browser's answer back.
(function () {
  "use strict";
  var kind = window.PublicKeyCredential;
  if (!kind || !kind.parseRequestOptionsFromJSON) return;
  document.querySelectorAll("[data-passkey]").forEach(function (form) {
    if (location.hostname !== form.dataset.rp) return;
    form.hidden = false;
    var field = function (name) { return form.elements[name] ? form.elements[name].value : ""; };
    var send = function (path, body) {
      var headers = { "content-type": "application/json", accept: "application/json" };
      if (field("csrf")) headers["x-csrf-token"] = field("csrf");
      return fetch(path, { method: "POST", headers: headers, body: JSON.stringify(body) }).then(function (answer) {
        return answer.json().then(function (said) {
          if (!answer.ok) throw new Error(said.title);
          return said;
        });
      });
    };
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var path = form.getAttribute("action"), adds = form.dataset.passkey === "create";
      send(path + "/options", {}).then(function (options) {
        return adds
          ? navigator.credentials.create({ publicKey: kind.parseCreationOptionsFromJSON(options) })
          : navigator.credentials.get({ publicKey: kind.parseRequestOptionsFromJSON(options) });
      }).then(function (made) {
        return send(path, { name: field("passkey_name"), back: field("back"), answer: made.toJSON() });
      }).then(function (said) { location.assign(said.location); }).catch(function (error) {
        var fault = form.querySelector(".fault");
        fault.textContent = error.message;
        fault.hidden = false;
      });
    });
  });
})();
