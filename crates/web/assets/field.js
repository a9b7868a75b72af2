// Forms that are filled in where there is no network. In a page: keeps the page, and an outbox of what was filled in.
// As this site's service worker: gives kept pages back, and sends the outbox when the browser says that it can.
(() => {
  "use strict";
  const PAGES = "field", page = self.document, news = new BroadcastChannel("outbox");
  const table = (mode, act) => new Promise((good, bad) => {
    const opened = indexedDB.open("fishpond", 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore("outbox", { keyPath: "id" });
    opened.onerror = () => bad(opened.error);
    opened.onsuccess = () => {
      const work = opened.result.transaction("outbox", mode), asked = act(work.objectStore("outbox"));
      work.oncomplete = () => { opened.result.close(); good(asked.result); };
      work.onabort = () => { opened.result.close(); bad(work.error); };
    };
  });
  const all = () => table("readonly", (rows) => rows.getAll());
  const drop = (id) => table("readwrite", (rows) => rows.delete(id));
  // What is kept is sealed under a key of its user, which goes with the kept pages when they sign out.
  const keyOf = (hex) => crypto.subtle.importKey("raw",
    new Uint8Array(hex.match(/../g).map((two) => parseInt(two, 16))), "AES-GCM", false, ["encrypt", "decrypt"]);
  const keep = async (key, item, said) => {
    const iv = crypto.getRandomValues(new Uint8Array(12)), plain = new TextEncoder().encode(JSON.stringify(said));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
    return table("readwrite", (rows) => rows.put({ ...item, iv, sealed }));
  };
  const open = async (key, item) => {
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: item.iv }, key, item.sealed);
      return JSON.parse(new TextDecoder().decode(plain));
    } catch { return null; } // Of another user.
  };
  // What sending needs: the secret of the session that is open now, and the key of whose it is.
  const ticket = async (path) => {
    const answer = await fetch(path, { headers: { accept: "text/html" } }), text = await answer.text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(text), key = /data-key="(\w+)"/.exec(text);
    if (/\/signin$/.test(new URL(answer.url).pathname)) {
      await caches.delete(PAGES);
      throw "signin";
    }
    return { csrf: csrf[1], key: await keyOf(key[1]) };
  };
  // Sends what waits, one after the other. An item goes when the site says where it led to; what the site refuses stays with
  // the reason; whatever else is answered, it waits.
  const send = async () => {
    const tickets = {}, told = {};
    for (const item of await all()) {
      const { csrf, key } = tickets[item.path] ||= await ticket(item.path), said = await open(key, item);
      if (!said || said.fault) continue;
      const answer = await fetch(item.path, {
        method: "POST", body: new URLSearchParams(said.body), headers: { accept: "application/json", "x-csrf-token": csrf },
      });
      const now = await answer.json();
      if (answer.ok && now.location) await drop(item.id);
      else if (now.code && answer.status < 500 && ![401, 408, 429].includes(answer.status)) {
        said.fault = [now.title, now.detail].filter(Boolean).join(" ");
        said.at = now.at || "";
        await keep(key, item, said);
      } else throw now.code;
      told[item.id] = now;
    }
    return told;
  };
  const sendOnce = () => navigator.locks.request("outbox", send);

  if (!page) {
    self.addEventListener("install", () => self.skipWaiting());
    self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
    self.addEventListener("sync", (event) => event.waitUntil(sendOnce().finally(() => news.postMessage(0))));
    self.addEventListener("fetch", (event) => {
      const asked = event.request, path = new URL(asked.url).pathname, isPage = asked.mode === "navigate";
      if (asked.method === "POST" && path.endsWith("/signout")) event.waitUntil(caches.delete(PAGES));
      if (asked.method !== "GET" || !(isPage || /^\/(assets\/|field\.js|favicon)/.test(path))) return;
      event.respondWith(fetch(asked).catch(async (error) => {
        const kept = await caches.match(asked, { cacheName: PAGES, ignoreVary: true, ignoreSearch: true });
        if (kept) return kept;
        throw error;
      }));
    });
    return;
  }

  const form = page.querySelector("form[data-outbox]"), part = (name) => page.querySelector(`[data-part=${name}]`);
  const item = (id) => ({ id, form: form.dataset.outbox, path: form.getAttribute("action") });
  let isTouched;
  const fresh = () => {
    form.reset();
    form.elements.key.value = crypto.randomUUID();
    part("fault").hidden = true;
    isTouched = false;
  };
  const named = (name) => [...form.elements].filter((one) => one.name === name);
  // An item is opened in the form, with what was wrong.
  const fill = (id, said) => {
    const seen = {};
    fresh();
    for (const [name, value] of new URLSearchParams(said.body)) {
      const fields = named(name), box = fields.find((one) => one.type === "checkbox" && one.value === value);
      const field = fields[seen[name] = (seen[name] ?? -1) + 1];
      if (box) box.checked = true;
      else if (field) field.value = value;
    }
    form.elements.key.value = id;
    part("reason").textContent = said.fault;
    part("fault").hidden = false;
    const way = said.at.split("."), wrong = named(way.pop())[(way.map(Number).find(Boolean) || 1) - 1];
    (wrong || part("fault")).focus();
  };
  const row = ({ id }, said) => {
    const made = part("item").content.cloneNode(true), at = (name) => made.querySelector(`[data-part=${name}]`);
    at("title").textContent = said.title;
    at("why").textContent = said.fault || "";
    at("refused").hidden = at("open").hidden = !said.fault;
    at("open").onclick = () => fill(id, said);
    at("discard").onclick = (event) => {
      if (confirm(event.target.dataset.confirm)) drop(id).then(draw);
    };
    return made;
  };
  const draw = async () => {
    const key = await keyOf(form.dataset.key), rows = [];
    let waits = 0;
    for (const one of await all()) {
      const said = one.form === form.dataset.outbox && await open(key, one);
      if (!said) continue;
      rows.push(row(one, said));
      waits += said.fault ? 0 : 1;
    }
    part("count").textContent = waits;
    part("items").replaceChildren(...rows);
    part("list").hidden = !rows.length;
    return waits;
  };
  let again;
  const go = async () => {
    clearTimeout(again);
    let told = {};
    part("signin").hidden = true;
    try { told = await sendOnce(); } catch (error) { part("signin").hidden = error !== "signin"; }
    if (await draw()) again = setTimeout(go, 30000);
    return told;
  };
  const keepPage = async () => {
    const path = location.pathname, cache = await caches.open(PAGES), answer = await fetch(path, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    await cache.put(path, answer);
    await cache.addAll([...page.querySelectorAll("link[rel=stylesheet],link[rel=icon],script[src]")].map((one) => one.href || one.src));
  };
  if (!form || !navigator.serviceWorker || !navigator.locks) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = new URLSearchParams(new FormData(form)), id = typed.get("key");
    typed.delete("csrf");
    try {
      await keep(await keyOf(form.dataset.key), item(id), { title: typed.get(form.dataset.title), body: String(typed) });
    } catch { return form.submit(); } // Nothing can be kept here.
    fresh();
    navigator.serviceWorker.ready.then((worker) => worker.sync && worker.sync.register("outbox")).catch(() => {});
    const { location: led, code } = (await go())[id] || {};
    if (isTouched) return; // The next one is being filled in.
    if (led) return location.assign(led);
    const found = code && (await all()).find((one) => one.id === id);
    if (found) return fill(id, await open(await keyOf(form.dataset.key), found));
    part("list").scrollIntoView();
  });
  form.addEventListener("input", () => { isTouched = true; });
  news.onmessage = draw;
  addEventListener("online", go);
  fresh();
  go();
  navigator.serviceWorker.register("/field.js").then(() => navigator.serviceWorker.ready).then(keepPage).catch(() => {})
    .then(() => caches.match(location.pathname, { cacheName: PAGES, ignoreVary: true }))
    .then((kept) => { part("kept").hidden = !kept; });
})();
