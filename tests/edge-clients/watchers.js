// How many streams the gateway has open, by its metrics.

// Answers whether nobody watches any more within 5 s.
export async function nobodyWatches(ops) {
  const end = Date.now() + 5000;
  while (Date.now() < end) {
    const text = await (await fetch(`http://${ops}/metrics`)).text();
    if (/^kith_watchers 0$/m.test(text)) return true;
  }
  return false;
}
