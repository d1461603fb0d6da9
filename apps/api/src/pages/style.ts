import { PAGE_STYLE } from '#kernel';

/** The looks of the public pages: colours, type and forms are those of all our pages, the layout is added here. */
export const STYLE = `${PAGE_STYLE}
:root { --good: #1c6640; --good-paper: #e4f2e9; --bad: #9f2019; --bad-paper: #fcebe9; --tint: #f9e6d9; }
@media (prefers-color-scheme: dark) {
  :root { --good: #a4dfb9; --good-paper: #1c3325; --bad: #ffb7ae; --bad-paper: #401c18; --tint: #3a2a21; }
}
html { scroll-padding-top: 1rem; }
body { display: block; padding: 0; }
main, .bar > div, .foot { width: 100%; max-width: 70rem; margin: 0 auto; padding-inline: clamp(1.25rem, 4vw, 2.5rem); }
main { min-height: calc(100vh - 10rem); padding-block: clamp(1.75rem, 5vw, 3.5rem); background: none; border: 0; border-radius: 0; box-shadow: none; }
main.narrow { max-width: 44rem; }
.skip { position: absolute; inset-inline-start: -100vw; }
.skip:focus { position: fixed; inset: .5rem auto auto .5rem; z-index: 2; padding: .75rem 1rem; background: var(--card); border-radius: .5rem; }

.bar { background: var(--card); border-bottom: 1px solid var(--line); }
.bar > div { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 1.5rem; padding-block: .375rem; }
.brand { display: inline-flex; align-items: center; gap: .625rem; min-height: 3rem; font-size: 1.1875rem; font-weight: 750; letter-spacing: -.02em; color: var(--ink); text-decoration: none; }
.brand svg { width: 1.75rem; height: 1.75rem; color: var(--warm); }
.bar ul { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1.25rem; margin: 0; padding: 0; list-style: none; }
.bar li a, .bar li span { display: inline-flex; align-items: center; min-height: 2.75rem; color: var(--soft); }
.bar li a { font-weight: 600; color: var(--ink); text-decoration: none; }
.bar li a:hover { color: var(--warm); text-decoration: underline; }
.bar form { margin: 0; }
.bar button { width: auto; min-height: 2.75rem; margin: 0; padding: 0 .875rem; }
.foot { padding-block: 0 2rem; margin-top: 0; }
.foot::before { content: ""; display: block; margin-bottom: 1.25rem; border-top: 1px solid var(--line); }

h1 { font-size: clamp(1.875rem, 5.5vw, 2.875rem); line-height: 1.12; letter-spacing: -.025em; }
h2 { margin: 0 0 .75rem; font-size: 1.375rem; letter-spacing: -.01em; }
h3 { margin: 0 0 .25rem; font-size: 1.125rem; line-height: 1.3; }
.lead { max-width: 40rem; font-size: clamp(1.0625rem, 2.5vw, 1.25rem); color: var(--soft); text-wrap: pretty; }
.eyebrow { margin: 0 0 .5rem; font-weight: 600; }
.hero { margin-bottom: clamp(1.5rem, 5vw, 3rem); }
.hero h1 { max-width: 28ch; }

.columns { display: grid; gap: clamp(1.5rem, 4vw, 3rem); }
@media (min-width: 56rem) {
  .columns { grid-template: repeat(8, auto) 1fr / minmax(0, 1fr) 22rem; row-gap: 0; align-items: start; }
  .columns > .side { grid-column: 2; grid-row: 1 / span 9; position: sticky; top: 1.5rem; }
  .columns > :not(.side) { grid-column: 1; }
  .columns > :not(.side) ~ :not(.side) { margin-top: 2.5rem; }
}
.sheet { padding: clamp(1.25rem, 4vw, 1.75rem); background: var(--card); border: 1px solid var(--line); border-radius: 1rem; box-shadow: 0 .25rem 1.25rem rgb(60 30 10 / 6%); }
.sheet.key { border-top: .375rem solid var(--warm); }
.sheet > :last-child, .prose > :last-child, .prose > div > :last-child, .columns > header > :last-child { margin-bottom: 0; }
.stack > * + * { margin-top: clamp(1.75rem, 4vw, 2.5rem); }

.titled { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 1.25rem; align-items: center; }
.titled h1 { margin: 0; }
.titled .day { width: 5rem; min-height: 5.5rem; }
@media (max-width: 30rem) { .titled .day { display: none; } .titled { grid-template-columns: 1fr; } }
.badges { margin: 1rem 0 0; }
.badges > :last-child { margin-bottom: 0; }

.events { display: grid; gap: 1rem; margin: 0; padding: 0; list-style: none; }
.event { position: relative; display: grid; grid-template-columns: 4.25rem minmax(0, 1fr); gap: 1.125rem; padding: 1.125rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; transition: border-color .15s; }
.event:hover, .event:focus-within { border-color: var(--warm); }
.event h3 a { color: var(--ink); text-decoration: none; }
.event h3 a:hover { color: var(--warm); text-decoration: underline; }
.event h3 a::after { content: ""; position: absolute; inset: 0; border-radius: 1rem; }
.event p { margin: 0; }
.event .badge { margin-top: .625rem; }
.day { display: grid; align-self: start; align-content: center; justify-items: center; min-height: 4.75rem; background: var(--tint); border-radius: .75rem; line-height: 1.15; font-size: .8125rem; font-weight: 650; }
.day b { font-size: 1.625rem; letter-spacing: -.03em; }
s { text-decoration-thickness: .1em; }

.badge { display: inline-block; padding: .125rem .75rem; font-size: .875rem; font-weight: 650; color: var(--warm); background: var(--tint); border-radius: 1rem; }
.badge.good { color: var(--good); background: var(--good-paper); }
.badge.bad { color: var(--bad); background: var(--bad-paper); }
.notice { padding: 1rem 1.25rem; border-radius: .75rem; background: var(--tint); border-inline-start: .3125rem solid var(--warm); }
.notice.good { background: var(--good-paper); border-color: var(--good); }
.notice.bad { background: var(--bad-paper); border-color: var(--bad); }
.notice > :last-child { margin-bottom: 0; }
.notice ul { margin: 0; padding-inline-start: 1.25rem; }

dl { display: grid; gap: 1.125rem; margin: 0; }
.notice + dl, .actions + dl, p + dl { margin-top: 1.5rem; }
dl > div { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .75rem; }
dt { font-weight: 650; color: var(--soft); }
dd { margin: 0; }
dd b { font-weight: 650; }
dd p { margin: 0; }
@media (max-width: 30rem) { dl > div { grid-template-columns: 1fr; gap: 0; } }

.prose { max-width: 42rem; }
.prose ul, .prose ol { margin: 0 0 1rem; padding-inline-start: 1.5rem; }
.prose li { margin-bottom: .25rem; }
.prose li::marker { color: var(--warm); }
.prose code { padding: .1em .35em; background: var(--tint); border-radius: .3em; font-size: .9em; }
.plain { margin: 0; padding: 0; list-style: none; display: grid; gap: .625rem; }
.people { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 1rem; margin: 0; padding: 0; list-style: none; }
.people li { padding-inline-start: 1rem; border-inline-start: .1875rem solid var(--tint); }
.links { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
.links a, .quiet-link { display: inline-flex; align-items: center; min-height: 2.75rem; }
.side .links { display: grid; gap: 0; margin: .5rem 0; }
.side .button { width: 100%; }

.button { display: inline-flex; align-items: center; justify-content: center; min-height: 3rem; padding: .625rem 1.25rem; font-weight: 650; text-align: center; color: var(--on-warm); background: var(--warm); border: 1px solid transparent; border-radius: .625rem; text-decoration: none; }
.button:hover { filter: brightness(1.08); }
.button.quiet { color: var(--warm); background: transparent; border-color: currentColor; }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem; margin: 1.5rem 0 0; }
.actions form, .actions button { margin: 0; }
@media (max-width: 30rem) { .button, .actions form { width: 100%; } }

form { gap: .375rem; margin-top: 1.25rem; }
form > label:not(:first-child), form > fieldset { margin-top: .75rem; }
form > button { width: 100%; margin-top: 1.25rem; }
fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
legend { margin-bottom: .375rem; padding: 0; font-weight: 600; }
.choice { display: grid; grid-template-columns: auto 1fr; align-items: center; gap: 0 .75rem; min-height: 3.25rem; margin-top: .5rem; padding: .5rem .875rem; border: 1px solid var(--soft); border-radius: .625rem; font-weight: 400; cursor: pointer; }
.choice:has(:checked) { border-color: var(--warm); background: var(--tint); }
.choice .soft { display: block; }
.field { display: grid; gap: .375rem; min-width: 0; margin-top: .75rem; }
.field .field { margin-top: .375rem; }
.field fieldset { display: grid; gap: .375rem; }
.field .choice { margin-top: 0; }
.field .choice > span { min-width: 0; }
.need { font-weight: 400; font-size: .9375rem; color: var(--soft); }
textarea { min-height: 7rem; resize: vertical; }
details { margin-top: .5rem; }
summary { display: list-item; min-height: 2.75rem; padding: .5rem 0; font-weight: 600; color: var(--warm); cursor: pointer; }
.lines { white-space: pre-line; }
input[readonly] + .soft { margin-top: .5rem; }
.hint { margin: 0; font-size: .9375rem; color: var(--soft); }
.error { margin: 0; font-size: .9375rem; font-weight: 600; color: var(--bad); }
[aria-invalid="true"] { border: 2px solid var(--bad); }
.ticket { margin-top: 1.5rem; padding-top: 1.5rem; border-top: .125rem dashed var(--line); }
.ticket h2 { margin: 0 0 .375rem; }
.ticket > :last-child { margin-bottom: 0; }
.ticket h3 { margin: 1.5rem 0 .375rem; }
.qr { display: block; width: min(100%, 19rem); margin: 1rem 0; border-radius: .75rem; forced-color-adjust: none; }
.ticket .qr { border: 1px solid var(--line); }
.answers > div { grid-template-columns: 1fr; gap: 0; }
.code { margin: .25rem 0; font: 700 clamp(1.75rem, 8vw, 2.5rem)/1.3 ui-monospace, monospace; letter-spacing: .04em; }
@media (prefers-reduced-motion: reduce) { * { transition: none; } }
@media print { .bar, .foot, form, .actions { display: none; } }
`;
