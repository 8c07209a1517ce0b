// Telegram opens this page with what it signed in the address after '#', which no server sees: hand it over once.
"use strict";
(() => {
  const form = document.getElementById("identity");
  const told = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData");
  history.replaceState(null, "", location.pathname);
  if (!form || !told) return;
  form.elements.namedItem("init_data").value = told;
  document.getElementById("waiting").hidden = false;
  document.getElementById("outside").hidden = true;
  form.submit();
})();
