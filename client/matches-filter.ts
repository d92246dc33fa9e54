/** MQTT 5 §4.7: `+` stands for one level, a closing `#` for the rest; neither at the start for a topic of `$…`. */
export function matchesFilter(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
  const want = filter.split("/");
  const have = topic.split("/");
  for (const [index, level] of want.entries()) {
    if (level === "#") return true;
    if (index >= have.length || (level !== "+" && level !== have[index])) return false;
  }
  return want.length === have.length;
}
