/*
 * The look of a report: one sheet, light and dark by what the reader's system prefers, no font or picture from outside.
 * The series' colours keep apart for the common kinds of colour blindness, and from the third on each line has its own
 * dashes as well.
 */

const LIGHT = `
--ground:#f4f6f8;--paper:#fff;--ink:#18212e;--soft:#566174;--line:#dde2e9;--faint:#eef1f5;--accent:#1b5fc0;
--good:#177245;--bad:#b92d24;--warn:#955a00;--quiet:#69758a;--busy:#1b5fc0;--good-back:#e7f5ec;--bad-back:#fdeceb;--warn-back:#fdf3e0;--quiet-back:#eef1f5;
--s0:#1f6fd0;--s1:#d2600f;--s2:#0c8667;--s3:#9a3d97;--s4:#86700a;--s5:#c43a68;--s6:#4d5c70;--s7:#0b7f9c;`;

const DARK = `
--ground:#10141a;--paper:#181e26;--ink:#e6eaf0;--soft:#9ba7b7;--line:#2c3440;--faint:#202732;--accent:#7db4ff;
--good:#58cf8e;--bad:#ff8178;--warn:#f0b44c;--quiet:#98a4b5;--busy:#7db4ff;--good-back:#16301f;--bad-back:#3a1b1a;--warn-back:#35290f;--quiet-back:#232b36;
--s0:#6db1ff;--s1:#ff9d57;--s2:#45cfa6;--s3:#dd8fd9;--s4:#d8bf55;--s5:#ff8fb2;--s6:#aab7c8;--s7:#55cbe6;`;

/** What the drawings of graphs need, so that a graph can also stand alone. */
export const GRAPH_STYLE = `
.graph text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
.graph .box rect{fill:none;stroke:var(--line);stroke-width:1.5}.graph .box.condition rect,.graph .box.loop rect,.graph .box.exit rect{fill:var(--faint)}
.graph .box.branch rect{stroke-dasharray:4 4}.graph .box text{font-size:11px;fill:var(--soft);paint-order:stroke;stroke:var(--paper);stroke-width:5px;stroke-linejoin:round}
.edge path{fill:none;stroke:var(--soft);stroke-width:1.5}.edge.artifact path{stroke:var(--accent);stroke-width:2}.edge.control path,.edge.order path{stroke-dasharray:3 4}
.graph .edge text{font-size:10.5px;text-anchor:middle;fill:var(--soft)}.edge rect{fill:var(--paper);fill-opacity:.88}
.arrow{fill:var(--soft)}
.card .face{fill:var(--paper);stroke:var(--line);stroke-width:1.5}.card .title{font-size:13.5px;font-weight:600}.card .second{font-size:11px;fill:var(--soft)}
.card.failed .face,.card.error .face{stroke:var(--bad);fill:var(--bad-back)}.card.skipped .face,.card.omitted .face,.card.waiting .face{stroke-dasharray:4 3}.card.skipped .title,.card.omitted .title{fill:var(--soft)}
.head rect{fill:var(--quiet-back);stroke:var(--line)}.head text{font-size:11.5px;text-anchor:middle;fill:var(--soft)}.head.condition rect{fill:var(--warn-back)}
a:hover .face,a:focus .face{stroke:var(--accent);stroke-width:2.5}
.glyph circle{fill:var(--quiet)}.glyph path{fill:none;stroke:var(--paper);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.glyph.succeeded circle{fill:var(--good)}.glyph.failed circle,.glyph.error circle{fill:var(--bad)}.glyph.cancelled circle,.glyph.interrupted circle{fill:var(--warn)}.glyph.running circle{fill:var(--busy)}
`;

const PAGE = `
*{box-sizing:border-box}html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--paper);padding:8px;z-index:9}
header,main,footer{max-width:1320px;margin:0 auto;padding:0 24px}
header{padding-top:32px}h1{margin:0 0 4px;font-size:30px;line-height:1.2;letter-spacing:-.01em;overflow-wrap:anywhere}
header .lead{color:var(--soft);margin:0 0 16px;max-width:70ch}
.facts{display:flex;flex-wrap:wrap;gap:8px 28px;margin:0 0 20px;padding:0;list-style:none}.facts li{display:flex;flex-direction:column}.facts small{color:var(--soft);font-size:12px}.facts span{font-weight:600;font-variant-numeric:tabular-nums}
nav{position:sticky;top:0;z-index:3;background:var(--ground);border-bottom:1px solid var(--line);margin:0 -24px;padding:0 24px;overflow-x:auto;white-space:nowrap}
nav a{display:inline-block;padding:10px 14px 10px 0;color:var(--soft);text-decoration:none;font-size:14px}nav a:hover{color:var(--ink)}
a{color:var(--accent)}section{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:20px 24px;margin:20px 0;scroll-margin-top:52px}
h2{font-size:19px;margin:0 0 14px}h3{font-size:16px;margin:0 0 8px}h4{font-size:14px;margin:0 0 6px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88em}code{overflow-wrap:anywhere}td code{white-space:nowrap}
.note,.empty{color:var(--soft);font-size:13px;margin:6px 0}.summary{font-size:18px;line-height:1.45;margin:0 0 16px;padding-left:14px;border-left:4px solid var(--accent);max-width:80ch}
.badge{display:inline-flex;align-items:center;gap:6px;font-weight:600;font-size:13px;border-radius:99px;padding:1px 10px 1px 4px;background:var(--quiet-back);color:var(--quiet);white-space:nowrap}
.badge svg{width:18px;height:18px}.badge.succeeded{background:var(--good-back);color:var(--good)}.badge.failed,.badge.error{background:var(--bad-back);color:var(--bad)}.badge.cancelled,.badge.interrupted{background:var(--warn-back);color:var(--warn)}
header .badge{font-size:16px;padding:4px 14px 4px 6px;vertical-align:6px;margin-left:8px;letter-spacing:0}header .badge svg{width:22px;height:22px}
.scroll{overflow-x:auto;max-width:100%}.scroll:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
table{border-collapse:collapse;font-size:14px;min-width:min(100%,340px)}caption{text-align:left;color:var(--soft);font-size:12px;padding-bottom:4px}
th,td{padding:6px 18px 6px 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}thead th{color:var(--soft);font-weight:500;font-size:13px;white-space:nowrap}tbody th{font-weight:500}tbody tr:last-child>*{border-bottom:0}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.figure-table{min-width:0}.numbers{margin:12px 0}.numbers details{border-top:1px solid var(--line);padding:8px 0}.numbers summary{font-weight:600;font-size:14px}.numbers details[open] summary{margin-bottom:8px}.wide{grid-column:1/-1}.tables,.charts{display:grid;gap:18px 32px;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));margin:12px 0}
.document{margin:0 0 20px;min-width:0}.document+.document{border-top:1px solid var(--line);padding-top:16px}.origin{color:var(--soft);font-weight:400;font-size:13px;margin-left:6px}
details>summary{cursor:pointer}details.document>summary{padding:2px 0}details.data{font-size:13px;color:var(--soft)}details.data table{font-size:13px;color:var(--ink)}details.data th,details.data td{padding:3px 14px 3px 0}
figure.chart{margin:0;min-width:0;max-width:760px}figure.chart>svg{width:100%;height:auto;display:block}figcaption .note{margin:0}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;list-style:none;padding:0;margin:6px 0;font-size:13px;color:var(--soft)}.legend li{display:flex;align-items:center;gap:6px}.legend svg{width:24px;height:10px;flex:none}
svg text{fill:var(--soft);font-size:12px;font-family:inherit}.end{text-anchor:end}.middle{text-anchor:middle}.start{text-anchor:start}
.label{font-size:12px;fill:var(--soft)}text.count{fill:var(--ink);font-size:17px;font-weight:600;text-anchor:middle}
.grid path{stroke:var(--line);stroke-width:1}.axis path{stroke:var(--soft);stroke-width:1;fill:none}.tick,.tick text{font-variant-numeric:tabular-nums}
.diagonal{stroke:var(--soft);stroke-width:1.2;stroke-dasharray:5 5;fill:none}path.mark{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:2 3}
.line path{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.line.stressed path{stroke-width:3}.line.quiet path{stroke-width:1.6;stroke-opacity:.85}
${Array.from({ length: 8 }, (_, index) => `.s${index} path{stroke:var(--s${index})}.s${index} circle,.s${index} rect{fill:var(--s${index})}`).join('')}
.s2 path{stroke-dasharray:8 4}.s3 path{stroke-dasharray:2 4}.s4 path{stroke-dasharray:10 3 2 3}.s5 path{stroke-dasharray:5 5}.s6 path{stroke-dasharray:1 3}.s7 path{stroke-dasharray:12 4}.line.stressed path{stroke-dasharray:none}
.interval path{stroke:var(--ink);stroke-opacity:.65;stroke-width:1.6}.interval circle{fill:var(--ink)}text.group{fill:var(--ink);font-weight:600}
.bar .hit,.row .hit,.reading rect{fill:transparent}.bar:hover .hit,.row:hover .hit{fill:var(--faint)}.reading path{stroke:var(--ink);stroke-opacity:0}.reading:hover path{stroke-opacity:.35}
.cell .tick{fill:var(--ink)}.cell rect{fill:var(--s1)}.cell.hit-class rect{fill:var(--s0)}
.timeline{width:100%;height:auto;display:block}.waiting{stroke:var(--quiet);stroke-width:1.5;stroke-dasharray:1 3;fill:none}.timeline .bar{fill:var(--quiet)}.timeline .bar.succeeded{fill:var(--s0)}.timeline .bar.failed,.timeline .bar.error{fill:var(--bad)}.timeline .bar.cancelled{fill:var(--warn)}.mark-cached{fill:none;stroke:var(--s0);stroke-width:1.6}
.graph{display:block;max-width:100%;height:auto;margin:0 auto}.only-narrow{display:none}
.steps{margin:0 -10px}.step>summary{display:grid;grid-template-columns:110px minmax(110px,240px) 1fr auto;gap:14px;align-items:center;padding:7px 10px;border-radius:8px;list-style:none}.step>summary::-webkit-details-marker{display:none}.step>summary:hover{background:var(--faint)}
.step .name{font-weight:600;overflow-wrap:anywhere}.step .brief{color:var(--soft);font-size:13px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.step .time{color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap}
.step{scroll-margin-top:52px}.step:target{outline:2px solid var(--accent);border-radius:8px}.step .inside{padding:8px 10px 16px 24px;border-left:3px solid var(--line);margin:4px 0 12px 18px}.step[open]>summary{background:var(--faint)}.inside h4{margin:14px 0 4px}
dl{margin:0;font-size:14px}dl>div{display:grid;grid-template-columns:minmax(90px,150px) minmax(0,1fr);gap:12px;padding:3px 0}dt{color:var(--soft);overflow-wrap:anywhere}dd{margin:0;min-width:0;overflow-wrap:anywhere}dd ul,dd ol{margin:2px 0;padding-left:22px}
pre.log{background:var(--faint);border-radius:8px;padding:12px;overflow:auto;max-height:420px;margin:4px 0;white-space:pre-wrap;overflow-wrap:anywhere}
.failure+.failure{border-top:1px solid var(--line);padding-top:14px}.failure p{margin:4px 0}.fix{color:var(--soft)}#failures{border-color:var(--bad)}
footer{color:var(--soft);font-size:13px;padding-bottom:40px}
#tip{position:fixed;z-index:9;pointer-events:none;background:var(--ink);color:var(--paper);font-size:12px;line-height:1.45;padding:6px 10px;border-radius:6px;white-space:pre;max-width:90vw;overflow:hidden;font-variant-numeric:tabular-nums}
@media (max-width:760px){header,main,footer{padding-left:14px;padding-right:14px}nav{margin:0 -14px;padding:0 14px}section{padding:16px 14px;border-radius:10px}h1{font-size:24px}.only-wide{display:none}.only-narrow{display:block}.summary{font-size:16px}
.step>summary{grid-template-columns:auto 1fr auto;gap:8px}.step .brief{display:none}.step .inside{margin-left:4px;padding-left:12px}dl>div{grid-template-columns:1fr;gap:0}dd{padding-left:10px}
.chart>svg text,.timeline text{font-size:17px}.chart>svg .bar text{font-size:14.5px}.chart>svg text.count{font-size:22px}th,td{padding-right:12px}}
@media print{body{background:#fff;font-size:11pt}nav,.skip,#tip{display:none}section{border:0;padding:0;break-inside:auto}figure,.failure,tr{break-inside:avoid}.scroll{overflow:visible}a{color:inherit;text-decoration:none}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`;

export const THEME = `:root{color-scheme:light dark;${LIGHT}}@media (prefers-color-scheme:dark){:root{${DARK}}}@media print{:root{${LIGHT}}}`.replaceAll('\n', '');
export const PAGE_STYLE = `${THEME}${GRAPH_STYLE}${PAGE}`;

/** Niceties only: quick tooltips from the `title` elements, and opening the step that a link leads to. */
export const SCRIPT = `
(()=>{const tip=document.createElement('div');tip.id='tip';tip.hidden=true;document.body.append(tip);let own=null;
const hide=()=>{tip.hidden=true;if(own){own.title.textContent=own.text;own=null}};
document.addEventListener('pointermove',(event)=>{const host=event.target.closest&&event.target.closest('svg g,svg a');let at=host,title=null;
while(at&&at.closest&&at.closest('svg')){title=[...at.children].find((child)=>child.tagName==='title');if(title)break;at=at.parentElement}
if(!title){hide();return}if(!own||own.title!==title){hide();own={title,text:title.textContent};title.textContent=''}
tip.textContent=own.text;tip.hidden=false;const box=tip.getBoundingClientRect();
tip.style.left=Math.max(4,Math.min(innerWidth-box.width-4,event.clientX+14))+'px';tip.style.top=(event.clientY+18+box.height>innerHeight?event.clientY-box.height-12:event.clientY+18)+'px'});
document.addEventListener('pointerleave',hide);addEventListener('scroll',hide,{passive:true});
const open=()=>{const found=location.hash.length>1&&document.getElementById(decodeURIComponent(location.hash.slice(1)));if(found&&found.tagName==='DETAILS')found.open=true};
addEventListener('hashchange',open);open();
addEventListener('beforeprint',()=>document.querySelectorAll('details.document,.numbers details').forEach((one)=>{one.open=true}))})();
`;
