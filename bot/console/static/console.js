/** What the console's pages do beyond links and forms: what is marked as fresh stays so, and a token handed over behind the # signs in. */

const EVERY = 15_000;

handOver();
if (document.getElementById("fresh")) setInterval(() => document.hidden || refresh(), EVERY);
document.addEventListener("visibilitychange", () => document.hidden || refresh());

/** Puts what has changed in its place, unless somebody is in the middle of it. */
async function refresh() {
  const old = document.getElementById("fresh");
  if (!old || old.contains(document.activeElement)) return;
  try {
    const response = await fetch(location.href, { headers: { accept: "text/html" } });
    // Signed out: the page to sign in is the truth now.
    if (response.status === 401) return location.reload();
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("fresh");
    if (fresh && fresh.innerHTML !== old.innerHTML) old.replaceWith(document.adoptNode(fresh));
  } catch {
    // Not reached: what stands there stays, and the next look tries again.
  }
}

/** A token handed over behind the # never reaches a server's log. */
function handOver() {
  const form = /** @type {HTMLFormElement|null} */ (document.getElementById("sign-in"));
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!form || !token) return;
  history.replaceState(null, "", location.pathname);
  /** @type {HTMLInputElement} */ (form.elements.namedItem("token")).value = token;
  form.requestSubmit();
}
