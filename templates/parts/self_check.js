const form = document.getElementById("answers");
const columns = form.dataset.columns.split(",");
const answered = () => [...form.querySelectorAll("fieldset")].filter((each) => each.querySelector(":checked"));
// a spreadsheet would take what follows a sign for a formula
const cell = (text) => `"${String(text).replace(/^(\s*)([=+\-@])/, "'$1$2").replaceAll('"', '""')}"`;
form.addEventListener("change", () => {
  document.getElementById("count").textContent = answered().length;
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const day = form.elements.day.value;
  const rows = answered().map((each) => ({
    kind: "self",
    journey_stage: each.dataset.stage,
    question: each.dataset.question,
    score: each.querySelector(":checked").value,
    responded_at: day,
    scale_min: form.dataset.low,
    scale_max: form.dataset.high,
    comment: each.querySelector("input[type=text]").value,
  }));
  const lines = [columns.join(","), ...rows.map((row) => columns.map((name) => cell(row[name])).join(","))];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([lines.join("\n") + "\n"], { type: "text/csv" }));
  link.download = `self_check_${day}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
});
