import { REPORT_STYLE } from "../../chaos/report/style.ts";

/** The house's report style, and colours that tell strategies apart, in light and in dark. */
export const SIMULATION_STYLE = `${REPORT_STYLE}
:root { --c0: #2f6fd0; --c1: #d9730d; --c2: #2e9e5b; --c3: #a445b2;
  --c4: #c23b52; --c5: #7a6a00; --c6: #0f8b8d; --c7: #6b7280; }
@media (prefers-color-scheme: dark) {
  :root { --c0: #6ba1ea; --c1: #f0a04b; --c2: #4cc07c; --c3: #cf7fdc;
    --c4: #ef7187; --c5: #cbb73a; --c6: #43c0c2; --c7: #a3abb8; }
}
h3 { font-size: .95rem; margin: 1.5rem 0 .25rem; font-weight: 600; }
${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `.c${n} { --own: var(--c${n}); }`).join(" ")}
.curve { fill: none; stroke: var(--own); stroke-width: 2; } .dot { fill: var(--own); fill-opacity: .6; }
.bar { fill: var(--own); }
.key { background: var(--own); } .legend .key:first-child { margin-left: 0; }
.wide { overflow-x: auto; }
.wide th, .wide td { width: auto; white-space: nowrap; font-weight: 400; padding-right: 1rem; }
.wide thead th { color: var(--fine); font-size: .85rem; }
.wide td { font-variant-numeric: tabular-nums; }
pre { background: var(--soft); padding: .75rem 1rem; border-radius: .4rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.hash { font-family: ui-monospace, monospace; font-size: .8rem; }
`;
