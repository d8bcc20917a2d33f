/** Light and dark by what the reader's system prefers; nothing from outside. The colours are those of the report of a run. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#f4f6f8;--paper:#fff;--ink:#18212e;--soft:#566174;--line:#dde2e9;--faint:#eef1f5;--accent:#1b5fc0;--good:#177245;--bad:#b92d24;--warn:#955a00;--good-back:#e7f5ec;--bad-back:#fdeceb;--warn-back:#fdf3e0;--quiet-back:#eef1f5;--s0:#1f6fd0;--s1:#d2600f}
@media (prefers-color-scheme:dark){:root{--ground:#10141a;--paper:#181e26;--ink:#e6eaf0;--soft:#9ba7b7;--line:#2c3440;--faint:#202732;--accent:#7db4ff;--good:#58cf8e;--bad:#ff8178;--warn:#f0b44c;--good-back:#16301f;--bad-back:#3a1b1a;--warn-back:#35290f;--quiet-back:#232b36;--s0:#6db1ff;--s1:#ff9d57}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1180px;margin:0 auto;padding:28px 24px}h1{font-size:28px;line-height:1.2;margin:0 0 8px}h2{font-size:19px;margin:0 0 12px}h3{font-size:15px;margin:0 0 6px}
section{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:20px 24px;margin:20px 0}
.summary{font-size:17px;margin:0 0 12px;padding-left:14px;border-left:4px solid var(--accent);max-width:80ch}.summary.unfit{border-color:var(--bad)}
.note{color:var(--soft);font-size:13px;margin:6px 0}.scroll{overflow-x:auto}.facts{color:var(--soft);font-size:13px;margin:0}
table{border-collapse:collapse;font-size:14px;width:100%}th,td{padding:6px 16px 6px 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}thead th{color:var(--soft);font-weight:500;font-size:13px;white-space:nowrap}tbody th{font-weight:600}tbody tr:last-child>*{border-bottom:0}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.badge{display:inline-block;border-radius:99px;padding:0 10px;font-size:12.5px;font-weight:600;white-space:nowrap;background:var(--quiet-back);color:var(--soft)}.badge.passed{background:var(--good-back);color:var(--good)}.badge.stop{background:var(--bad-back);color:var(--bad)}.badge.quarantine,.badge.warn{background:var(--warn-back);color:var(--warn)}
details{font-size:13px}summary{cursor:pointer;color:var(--accent)}ul{margin:4px 0;padding-left:20px}
figure{margin:0 0 20px}figcaption{margin-bottom:6px}.grid{display:grid;gap:20px 28px;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr))}
svg{width:100%;height:auto;display:block}svg text{fill:var(--soft);font-size:12px;font-family:inherit}.end{text-anchor:end}.middle{text-anchor:middle}
.rule path{stroke:var(--line);fill:none}.axis path{stroke:var(--soft);fill:none}.close{fill:none;stroke:var(--s0);stroke-width:1.5;stroke-linejoin:round}
.gap{fill:var(--warn);fill-opacity:.25}.bad{fill:none;stroke:var(--bad);stroke-width:2}.flag{fill:var(--warn)}.span{fill:var(--faint);stroke:var(--line)}.missing{fill:var(--bad)}.aside{fill:var(--warn)}
.was{fill:var(--soft);fill-opacity:.28}.now{fill:none;stroke:var(--s1);stroke-width:2}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;padding:0;margin:4px 0;font-size:13px;color:var(--soft)}.legend svg{width:18px;height:12px;display:inline-block;vertical-align:-1px;margin-right:5px}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.88em;overflow-wrap:anywhere}
@media (max-width:760px){main{padding:16px 12px}section{padding:14px 12px}svg text{font-size:17px}}
@media print{body{background:#fff}section{border:0;padding:0;break-inside:avoid}}
`.replaceAll('\n', '');
