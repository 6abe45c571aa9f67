/** Hands `content` to the browser as a file to keep. */
export function saveAs(name: string, type: string, content: string) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the content when the click is through; a moment more costs nothing.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
