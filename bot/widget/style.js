/** How it looks. The custom properties of the first rule are the theme; a page may set them on the element. */

const css = `
:host {
  --_accent: var(--baitiao-accent, #d0161e);
  --_on-accent: var(--baitiao-on-accent, #fff);
  --_accent-text: var(--baitiao-accent-text, #b9131a);
  --_accent-soft: var(--baitiao-accent-soft, #fdeeed);
  --_ground: var(--baitiao-ground, #f5f4f2);
  --_surface: var(--baitiao-surface, #fff);
  --_text: var(--baitiao-text, #1f1c1a);
  --_muted: var(--baitiao-muted, #6a635d);
  --_line: var(--baitiao-line, #e6e1dc);
  --_good: var(--baitiao-good, #176b41);
  --_good-soft: var(--baitiao-good-soft, #e5f4ec);
  --_warn: var(--baitiao-warn, #7d4b00);
  --_warn-soft: var(--baitiao-warn-soft, #fff2d9);
  --_radius: var(--baitiao-radius, 16px);
  --_shadow: 0 2px 6px rgb(30 20 15 / 8%), 0 14px 44px rgb(30 20 15 / 18%);
  color-scheme: light;
  font: var(--baitiao-font, 15px/1.6 system-ui, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif);
}
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { DARK } }
:host([theme="dark"]) { DARK }
* { box-sizing: border-box; margin: 0; padding: 0; }
[hidden] { display: none !important; }
button, input, textarea { font: inherit; color: inherit; }
button { cursor: pointer; }
button:disabled { cursor: default; }
ul, ol { list-style: none; }
:focus-visible { outline: 2px solid var(--_accent-text); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { flex: none; width: 1.35em; height: 1.35em; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }

.corner { position: fixed; z-index: var(--baitiao-layer, 1000); inset-inline-end: calc(16px + env(safe-area-inset-right)); bottom: calc(16px + env(safe-area-inset-bottom)); display: flex; flex-direction: column; align-items: flex-end; gap: 10px; color: var(--_text); }
:host([open]) .corner, :host([launcher="none"]) .launcher { display: none; }
.launcher { position: relative; display: flex; align-items: center; gap: 8px; min-height: 52px; padding: 0 20px 0 16px; border: 0; border-radius: 26px; background: var(--_accent); color: var(--_on-accent); font-weight: 600; box-shadow: var(--_shadow); }
.badge { position: absolute; top: -6px; inset-inline-end: -4px; min-width: 22px; padding: 0 6px; border: 2px solid var(--_surface); border-radius: 12px; background: var(--_text); color: var(--_surface); font-size: 12px; line-height: 18px; text-align: center; }
.notice { max-width: min(300px, calc(100vw - 32px)); padding: 11px 15px; border: 1px solid var(--_line); border-radius: var(--_radius) var(--_radius) 4px; background: var(--_surface); box-shadow: var(--_shadow); text-align: start; }

.panel { position: fixed; z-index: var(--baitiao-layer, 1000); inset-inline-end: 20px; bottom: 20px; display: flex; flex-direction: column; width: var(--baitiao-width, 400px); height: min(var(--baitiao-height, 700px), calc(100dvh - 40px)); overflow: hidden; border: 1px solid var(--_line); border-radius: calc(var(--_radius) + 4px); background: var(--_ground); color: var(--_text); box-shadow: var(--_shadow); }
.header { display: flex; align-items: center; gap: 10px; padding: 11px 10px 11px 14px; border-bottom: 1px solid var(--_line); background: var(--_surface); }
.face { display: grid; flex: none; place-items: center; width: 38px; height: 38px; border-radius: 50%; background: var(--_accent); color: var(--_on-accent); font-size: 16px; }
.names { flex: 1; min-width: 0; }
.title { font-size: 16px; line-height: 1.3; outline-offset: 4px; }
.about { overflow: hidden; color: var(--_muted); font-size: 12px; line-height: 1.45; text-overflow: ellipsis; white-space: nowrap; }
.person { flex: none; min-height: 36px; padding: 3px 13px; border: 1px solid var(--_accent-text); border-radius: 18px; background: none; color: var(--_accent-text); font-size: 13px; font-weight: 600; }
.person:disabled { border-color: var(--_line); color: var(--_muted); }
.close { display: grid; flex: none; place-items: center; width: 40px; height: 40px; border: 0; border-radius: 50%; background: none; color: var(--_muted); }
.close:hover { background: var(--_ground); }
.status { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 7px 16px; background: var(--_warn-soft); color: var(--_warn); font-size: 13px; }
.link { min-height: 32px; padding: 2px 4px; border: 0; background: none; color: inherit; font-size: 13px; font-weight: 600; text-decoration: underline; text-underline-offset: 3px; }
.primary { min-height: 36px; padding: 4px 16px; border: 0; border-radius: 18px; background: var(--_accent); color: var(--_on-accent); font-size: 14px; font-weight: 600; }

.log { flex: 1; min-height: 0; overflow-y: auto; overflow-anchor: none; overscroll-behavior: contain; padding: 16px 14px 8px; }
.log:focus-visible { outline-offset: -2px; }
.first { display: flex; gap: 9px; margin-bottom: 14px; padding: 10px 13px; border-radius: var(--_radius); background: var(--_warn-soft); color: var(--_warn); font-size: 13px; line-height: 1.55; }
.first .icon { margin-top: 1px; }
.turn { display: flex; flex-direction: column; align-items: flex-start; margin-bottom: 12px; }
.turn.user { align-items: flex-end; }
.turn.system { align-items: center; }
.time { align-self: center; padding: 4px 0 10px; color: var(--_muted); font-size: 12px; }
.who { display: flex; align-items: center; gap: 4px; padding: 0 4px 3px; color: var(--_good); font-size: 12.5px; font-weight: 600; }
.bubble { min-width: 0; max-width: min(92%, 34em); padding: 10px 14px; border: 1px solid var(--_line); border-radius: 4px var(--_radius) var(--_radius); background: var(--_surface); overflow-wrap: anywhere; }
.bubble[data-type="diagnosis"], .bubble[data-type="step"], .bubble[data-type="resolved"], .bubble[data-type="plans"], .bubble[data-type="handoff"], .bubble[data-type="waiting"] { width: 100%; }
.user .bubble { border: 0; border-radius: var(--_radius) 4px var(--_radius) var(--_radius); background: var(--_accent); color: var(--_on-accent); }
.agent .bubble { border-color: transparent; background: var(--_good-soft); }
.system .bubble { max-width: 100%; padding: 2px 12px; border: 0; background: none; color: var(--_muted); font-size: 13px; text-align: center; }
.text span { display: block; white-space: pre-wrap; }
.text span + span { margin-top: 5px; }
.queued .bubble, .sending .bubble, .waiting .bubble { opacity: .78; }
.failed .bubble { border: 1px dashed var(--_accent-text); background: var(--_surface); color: var(--_text); }
.trouble { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 2px 10px; padding-top: 4px; color: var(--_accent-text); font-size: 13px; }
.waiting .trouble { color: var(--_muted); }
.choices { display: flex; flex-wrap: wrap; gap: 8px; padding-top: 9px; }
.choice { min-height: 40px; padding: 6px 16px; border: 1px solid var(--_accent-text); border-radius: 20px; background: var(--_surface); color: var(--_accent-text); font-weight: 500; text-align: start; }
.choice:hover:not(:disabled) { background: var(--_accent-soft); }
.choice:disabled { border-color: var(--_line); color: var(--_muted); }
.stale .choice { display: flex; align-items: center; gap: 4px; min-height: 30px; padding: 2px 12px; background: none; font-size: 13px; }
.stale .chosen { border-color: var(--_muted); color: var(--_text); }

.head { display: flex; align-items: center; gap: 7px; padding-bottom: 5px; font-weight: 600; }
.head.good { color: var(--_good); }
.head.bad, .head.wait { color: var(--_warn); }
.causes { display: grid; gap: 10px; margin-top: 10px; }
.cause { padding: 10px 12px; border-radius: 10px; background: var(--_ground); }
.cause-title { font-weight: 600; }
.tag { margin-inline-start: 8px; padding: 1px 8px; border-radius: 10px; background: var(--_warn-soft); color: var(--_warn); font-size: 12px; font-weight: 400; }
.who-fixes { width: fit-content; margin: 3px 0; padding: 1px 9px; border-radius: 10px; background: var(--_warn-soft); color: var(--_warn); font-size: 12.5px; }
.who-fixes.user { background: var(--_good-soft); color: var(--_good); }
.facts { display: grid; grid-template-columns: auto 1fr; gap: 1px 16px; margin-top: 6px; font-size: 13.5px; }
.facts dt { color: var(--_muted); }
.facts dd { text-align: end; font-variant-numeric: tabular-nums; }
.source { margin-top: 6px; padding-top: 6px; border-top: 1px solid var(--_line); color: var(--_muted); font-size: 12px; }
.step-head { display: flex; align-items: center; justify-content: space-between; gap: 14px; padding-bottom: 6px; color: var(--_accent-text); font-size: 13px; font-weight: 600; }
.bar { display: flex; flex: 1; gap: 4px; max-width: 110px; }
.bar i { flex: 1; height: 4px; border-radius: 2px; background: var(--_line); }
.bar .on { background: var(--_accent); }
.path { display: flex; flex-wrap: wrap; gap: 4px 0; margin-top: 8px; padding: 8px 11px; border-radius: 10px; background: var(--_ground); font-size: 13.5px; }
.path li:not(:last-child)::after { content: "›" / ""; padding: 0 7px; color: var(--_muted); }
.path li:last-child { font-weight: 600; }
.plans { width: 100%; margin-top: 8px; border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums; }
.plans th, .plans td { padding: 7px 3px; border-top: 1px solid var(--_line); font-weight: 400; text-align: end; overflow-wrap: normal; white-space: nowrap; }
.plans th:first-child { text-align: start; }
.plans thead th { border: 0; color: var(--_muted); }
.plans tbody th, .plans .apr { font-weight: 600; }
.subscribed { display: flex; align-items: center; gap: 7px; margin-top: 8px; padding: 7px 11px; border-radius: 10px; background: var(--_good-soft); color: var(--_good); font-size: 13.5px; }
.number { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 10px; margin-bottom: 8px; padding: 8px 12px; border-radius: 10px; background: var(--_ground); font-size: 13px; }
.number strong { flex: 1; font-size: 17px; letter-spacing: .02em; }
.number span { color: var(--_muted); }
.copy { min-height: 30px; padding: 0 11px; border: 1px solid var(--_line); border-radius: 15px; background: var(--_surface); font-size: 12.5px; }

.typing { display: flex; gap: 5px; width: fit-content; margin-bottom: 12px; padding: 15px 16px; border: 1px solid var(--_line); border-radius: 4px var(--_radius) var(--_radius); background: var(--_surface); }
.typing i { width: 7px; height: 7px; border-radius: 50%; background: var(--_muted); }
.rating { margin: 4px 0 12px; padding: 13px 14px; border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_surface); text-align: center; }
.rating-title { font-weight: 600; }
.stars { display: flex; justify-content: center; gap: 2px; padding: 4px 0; }
.star { display: grid; place-items: center; width: 44px; height: 44px; border-radius: 50%; color: var(--_muted); font-size: 21px; cursor: pointer; }
.star.on { color: var(--_accent-text); }
.star.on .icon { fill: currentColor; }
.star:has(:focus-visible) { outline: 2px solid var(--_accent-text); }
.more { display: flex; gap: 8px; padding-bottom: 4px; }
.word { flex: 1; min-width: 0; padding: 6px 12px; border: 1px solid var(--_muted); border-radius: 18px; background: var(--_surface); font-size: 16px; }
.rating-status { color: var(--_muted); font-size: 13px; }

.composer { padding: 10px 12px calc(10px + env(safe-area-inset-bottom)); border-top: 1px solid var(--_line); background: var(--_surface); }
.line { display: flex; align-items: flex-end; gap: 8px; }
.input { flex: 1; min-width: 0; max-height: 132px; padding: 9px 15px; border: 1px solid var(--_muted); border-radius: 21px; background: var(--_surface); font-size: 16px; line-height: 1.4; resize: none; }
.input::placeholder, .word::placeholder { color: var(--_muted); opacity: 1; }
.input:focus-visible { outline-offset: -1px; }
.send { display: grid; flex: none; place-items: center; width: 42px; height: 42px; border: 0; border-radius: 50%; background: var(--_accent); color: var(--_on-accent); }
.send:disabled { background: var(--_line); color: var(--_muted); }
.count { padding: 0 6px 6px; color: var(--_muted); font-size: 12.5px; text-align: end; }
.count:empty { display: none; }
.count.over { color: var(--_accent-text); font-weight: 600; }
.warning { margin-bottom: 9px; padding: 10px 13px; border-radius: 12px; background: var(--_warn-soft); color: var(--_warn); font-size: 13.5px; }
.warning p { display: flex; gap: 8px; }
.warning .actions { align-items: center; gap: 16px; padding-top: 8px; }

@media (max-width: 559px), (max-height: 479px) {
  .panel { inset: var(--_top, 0) 0 auto; width: 100%; height: var(--_height, 100dvh); border: 0; border-radius: 0; box-shadow: none; }
  .header { padding-top: calc(10px + env(safe-area-inset-top)); padding-inline: calc(12px + env(safe-area-inset-left)) calc(6px + env(safe-area-inset-right)); gap: 7px; }
  .log { padding-inline: calc(12px + env(safe-area-inset-left)) calc(12px + env(safe-area-inset-right)); }
}
@media (max-width: 359px) { .face { display: none; } .plans { font-size: 11.5px; } }
@media (prefers-reduced-motion: no-preference) {
  .typing i { animation: breathe 1.2s infinite ease-in-out; }
  .typing i:nth-of-type(2) { animation-delay: .15s; }
  .typing i:nth-of-type(3) { animation-delay: .3s; }
  .panel, .notice { animation: rise .18s ease-out; }
  .choice, .launcher, .send { transition: background-color .15s; }
}
@keyframes breathe { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
@media (forced-colors: active) { .bubble, .choice, .badge, .bar i { border: 1px solid; } }
`;

const DARK = `
  --_accent: var(--baitiao-accent, #cf2a30);
  --_accent-text: var(--baitiao-accent-text, #ff9d97);
  --_accent-soft: var(--baitiao-accent-soft, #3b2221);
  --_ground: var(--baitiao-ground, #151413);
  --_surface: var(--baitiao-surface, #211f1d);
  --_text: var(--baitiao-text, #f2eeea);
  --_muted: var(--baitiao-muted, #b5ada5);
  --_line: var(--baitiao-line, #3b3733);
  --_good: var(--baitiao-good, #84d6aa);
  --_good-soft: var(--baitiao-good-soft, #1d3027);
  --_warn: var(--baitiao-warn, #f4c980);
  --_warn-soft: var(--baitiao-warn-soft, #362b18);
  --_shadow: 0 10px 40px rgb(0 0 0 / 55%);
  color-scheme: dark;
`;

export const style = new CSSStyleSheet();
style.replaceSync(css.replaceAll("DARK", DARK));
