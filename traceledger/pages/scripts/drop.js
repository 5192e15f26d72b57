// Lets a spreadsheet be dropped on the form that takes it; without this, the file is chosen with its field.
"use strict";

const area = document.querySelector(".drop");
const field = area && area.querySelector("input[type=file]");

if (field) {
  const over = (event) => {
    event.preventDefault();
    area.classList.add("over");
  };
  const out = () => area.classList.remove("over");
  area.addEventListener("dragenter", over);
  area.addEventListener("dragover", over);
  area.addEventListener("dragleave", out);
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    out();
    if (event.dataTransfer.files.length > 0) {
      field.files = event.dataTransfer.files;
      field.form.requestSubmit();
    }
  });
}
