// The wall screen: fetches itself again, says plainly when it could not, and shows one scene after another.
"use strict";

(() => {
  const wall = document.querySelector(".wall");
  const stale = document.getElementById("wall-stale");
  const every = Number(wall.dataset.every) * 1000;
  const turn = Number(wall.dataset.turn) * 1000;
  const wide = matchMedia("(min-width: 60rem)");
  let readAt = Date.now();
  let shown = 0;

  const scenes = () => [...document.querySelectorAll(".wall-scene")];

  const show = () => {
    const all = scenes();
    wall.classList.toggle("is-rotating", wide.matches && all.length > 1);
    shown %= Math.max(all.length, 1);
    all.forEach((scene, place) => scene.classList.toggle("is-shown", place === shown));
    document.querySelector(".wall-places")?.replaceChildren(...all.map((_scene, place) => {
      const dot = document.createElement("i");
      dot.classList.toggle("is-here", place === shown);
      return dot;
    }));
    all[shown]?.dispatchEvent(new CustomEvent("charts:draw", { bubbles: true }));
  };

  const next = () => {
    shown += 1;
    show();
  };

  const say = (words) => {
    stale.textContent = words;
    stale.hidden = !words;
  };

  // What the server says, or nothing where it does not answer or asks for a sign-in instead.
  const fetched = async () => {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(20000) });
    if (answer.redirected || answer.status === 403) return { signedOut: true };
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = page.getElementById("wall-content");
    if (!content) throw new Error("no content");
    // A new version of the site brings its own styles and scripts.
    if (page.querySelector("script[src*=wall]").src !== document.querySelector("script[src*=wall]").src) location.reload();
    return { content };
  };

  const refresh = async () => {
    try {
      const { content, signedOut } = await fetched();
      if (signedOut) {
        say(wall.dataset.signedOut);
        return;
      }
      // The screen may stand for weeks: what is drawn and replaced has to go.
      for (const plot of document.querySelectorAll(".chart-plot")) echarts.getInstanceByDom(plot)?.dispose();
      document.getElementById("wall-content").replaceWith(content);
      readAt = Date.now();
      say("");
      show();
    } catch {
      const minutes = Math.max(1, Math.round((Date.now() - readAt) / 60000));
      say(wall.dataset.stale.replace("{minutes}", minutes));
    }
  };

  // One refresh after another, never two at once; a screen that was asleep starts with one.
  const poll = async () => {
    await refresh();
    setTimeout(poll, every);
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight" || event.key === " ") next();
  });
  wide.addEventListener("change", show);
  show();
  setInterval(next, turn);
  setTimeout(poll, every);
})();
