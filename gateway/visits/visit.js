(function (w, d, n) {
  "use strict";
  var me = d.currentScript;
  var url = me.src.replace(/[^/]*$/, "visit");
  var noCookie = me.getAttribute("data-cookie") === "no";
  var gpc = !!n.globalPrivacyControl;
  var tags = me.getAttribute("data-tags");
  var tagged = new RegExp("[?&](utm_\\w+|\\w*clk?id|[gw]braid|li_fat_id" +
      (tags ? "|" + tags.replace(/\W+/g, "|") : "") + ")=");
  var unsent = false;
  var seen = false;
  var v;

  function load() {
    try {
      return JSON.parse(w.sessionStorage.kith);
    } catch (e) {
      return v;
    }
  }

  function begin() {
    var id = "";
    w.crypto.getRandomValues(new Uint8Array(16)).forEach(function (b) {
      id += (b + 256).toString(16).slice(1);
    });
    v = {
      visit: id,
      revision: 0,
      page: location.href,
      referrer: d.referrer,
      pages: 0,
      clicks: {},
      conversions: [],
      begun: Date.now()
    };
  }

  function came() {
    var by = w.performance.getEntriesByType("navigation")[0];
    return !seen && !(by && by.type !== "navigate");
  }

  function find() {
    var now = Date.now();
    v = load();
    if (!v || now - v.at > 18e5 ||
        (came() && tagged.test(location.search) && v.page !== location.href)) {
      begin();
    }
    seen = true;
    v.at = now;
  }

  // Whole characters: half of one is no JSON to others.
  function mark(text) {
    return Array.from(String(text || "")).slice(0, 40).join("");
  }

  function fill(root) {
    var values = {kith_visit: v.visit, kith_visitor: v.visitor || ""};
    Object.keys(values).forEach(function (name) {
      root.querySelectorAll("input[name=" + name + "]").forEach(function (input) {
        input.value = values[name];
      });
    });
  }

  function pack() {
    v.at = Date.now();
    v.ms = v.at - v.begun;
    v.revision = Math.max(v.revision + 1, v.ms);
    v.exit = location.href;
    v.noCookie = noCookie;
    v.gpc = gpc;
    v.robot = !!n.webdriver;
    unsent = false;
    try {
      w.sessionStorage.kith = JSON.stringify(v);
    } catch (e) {}
    return JSON.stringify(v);
  }

  function post(body) {
    return w.fetch(url, {method: "POST", body: body, keepalive: true});
  }

  function leave() {
    var body = pack();
    if (!n.sendBeacon || !n.sendBeacon(url, body)) post(body).catch(function () {});
  }

  function hide() {
    if (unsent) leave();
  }

  function page() {
    var id;
    find();
    v.pages++;
    id = v.visit;
    fill(d);
    post(pack()).then(function (reply) {
      return reply.ok ? reply.text() : "";
    }).then(function (text) {
      if (id !== v.visit) return;
      v.visitor = text;
      fill(d);
    }).catch(function () {});
    unsent = true;
  }

  function whenSeen() {
    if (d.prerendering) {
      d.addEventListener("prerenderingchange", whenSeen, {once: true});
    } else if (d.visibilityState === "hidden") {
      d.addEventListener("visibilitychange", whenSeen, {once: true});
    } else {
      start();
    }
  }

  function kith(what, name) {
    if (what === "convert" && v) {
      if (v.conversions.length < 10) v.conversions.push(mark(name));
      leave();
    }
  }

  function start() {
    page();
    d.addEventListener("click", function (event) {
      var to = event.target.closest && event.target.closest("[data-kith-click]");
      var name = to && mark(to.getAttribute("data-kith-click"));
      if (!name || !(v.clicks[name] || Object.keys(v.clicks).length < 20)) return;
      v.clicks[name] = (v.clicks[name] || 0) + 1;
      unsent = true;
    }, true);
    d.addEventListener("submit", function (event) {
      fill(event.target);
      if (v.pages === 1) v.firstPageSubmit = true;
      leave();
    }, true);
    d.addEventListener("DOMContentLoaded", function () { fill(d); });
    d.addEventListener("visibilitychange", function () {
      if (d.visibilityState === "hidden") hide();
      else unsent = true;
    });
    w.addEventListener("pagehide", hide);
    w.addEventListener("pageshow", function (event) { if (event.persisted) page(); });
    (w.kith && w.kith.q || []).forEach(function (args) { kith.apply(null, args); });
    w.kith = kith;
  }

  whenSeen();
})(window, document, navigator);
