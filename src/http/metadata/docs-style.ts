/** The one style sheet of `/docs`, within the page: its hash stands in the page's Content-Security-Policy. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --line: #8885; --soft: #8882; --accent: light-dark(#0a58a8, #7db8f5); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; font: 1rem/1.5 system-ui, sans-serif; }
a { color: var(--accent); }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
h3 { margin: 0 0 .25rem; font-size: 1.05rem; }
article { margin: 1.5rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: .4rem; }
article:target, dt:target { outline: 2px solid var(--accent); }
code, pre { font: .875rem/1.45 ui-monospace, monospace; }
pre { margin: .25rem 0 1rem; padding: .75rem; overflow-x: auto; background: var(--soft); border-radius: .3rem; }
table { width: 100%; border-collapse: collapse; margin: .5rem 0 1rem; }
th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
dt { margin-top: .75rem; font-family: ui-monospace, monospace; }
dd { margin: 0 0 0 1.5rem; }
.path { overflow-wrap: anywhere; }
.method { font-weight: 700; text-transform: uppercase; }
nav ul { columns: 18rem; padding-left: 1rem; }
`;
