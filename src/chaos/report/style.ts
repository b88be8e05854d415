/** The stylesheet of report.html. */
export const REPORT_STYLE = `
:root { --ink: #1c2330; --paper: #ffffff; --soft: #f1f4f8; --line: #d5dbe5; --fine: #5b6676;
  --up: #2e9e5b; --unnoticed: #e0a100; --down: #d03b3b; --returning: #4a86d8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf1; --paper: #12161d; --soft: #1b212b; --line: #323b49; --fine: #9aa6b8;
    --up: #37b36a; --unnoticed: #e8b62c; --down: #e55b5b; --returning: #6ba1ea; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.verdict { padding: .75rem 1rem; border-left: .4rem solid var(--returning); background: var(--soft); font-weight: 600; }
.verdict.held { border-color: var(--up); }
.verdict.deviated, .verdict.aborted, .verdict.interrupted { border-color: var(--unnoticed); }
.verdict.failed, .verdict.invariant-violated { border-color: var(--down); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1rem 0; }
.tiles div { background: var(--soft); padding: .75rem; border-radius: .4rem; }
.tiles strong { display: block; font-size: 1.5rem; }
.tiles span, .fine, .legend { color: var(--fine); font-size: .85rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 500; width: 13rem; overflow-wrap: anywhere; }
td:nth-child(2) { font-variant-numeric: tabular-nums; white-space: nowrap; font-weight: 600; }
.bad { color: var(--down); }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--ink); font: 11px system-ui, sans-serif; }
.up { fill: var(--up); } .unnoticed { fill: var(--unnoticed); } .down { fill: var(--down); }
.returning { fill: var(--returning); } .axis { stroke: var(--line); } .wanted { fill: var(--line); }
.key { display: inline-block; width: .8em; height: .8em; border-radius: .2em; margin: 0 .3em 0 1em; }
.key.up { background: var(--up); } .key.unnoticed { background: var(--unnoticed); }
.key.down { background: var(--down); } .key.returning { background: var(--returning); }
@media print { main { max-width: none; padding: 0; } }
`;
