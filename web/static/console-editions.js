/* Line numbers that follow what is typed, and a jump from a mistake to its line. Without it the numbers stay as they were sent. */
(() => {
  const text = document.getElementById("text"), gutter = document.getElementById("gutter");
  if (!text || !gutter) return;
  const numbered = () => {
    const wanted = Math.max(12, text.value.split("\n").length);
    while (gutter.children.length > wanted) gutter.lastElementChild.remove();
    for (let n = gutter.children.length + 1; n <= wanted; n += 1) {
      const line = document.createElement("span");
      line.id = `L${n}`;
      line.textContent = n;
      gutter.append(line);
    }
    text.rows = wanted + 1;
  };
  const marked = () => {
    const bad = new Set([...document.querySelectorAll("#mistakes [data-line]")].map((each) => each.dataset.line));
    [...gutter.children].forEach((line) => line.classList.toggle("bad", bad.has(line.textContent)));
  };
  text.addEventListener("input", numbered);
  document.body.addEventListener("htmx:afterSwap", marked);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#mistakes [data-line]");
    if (!link) return;
    event.preventDefault();
    const lines = text.value.split("\n"), number = Number(link.dataset.line);
    const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[number - 1] || "").length);
    document.getElementById(`L${number}`)?.scrollIntoView({ block: "center" });
  });
  let saved = text.value;
  text.form.addEventListener("submit", () => { saved = text.value; });
  window.addEventListener("beforeunload", (event) => { if (text.value !== saved) event.preventDefault(); });
  numbered();
  marked();
})();
