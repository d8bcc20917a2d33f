import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawPage } from '../../cli/report/page.ts';
import type { RunDocument } from '../../cli/report/run-document.ts';
import { artifact, defineContainerStep, pipeline, type Step } from '../../dsl/index.ts';
import { sampleDocument, sampleFigures, sampleReference, sampleTask } from './sample-document.ts';

const page = drawPage(sampleDocument());

/** Tags that are open when the page ends, and closing tags without an opening one: HTML's own void tags aside. */
function unbalanced(html: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const body = html.replace(/<style>[\s\S]*?<\/style>/g, '').replace(/<script>[\s\S]*?<\/script>/g, '');
  for (const [, closing, name, own] of body.matchAll(/<(\/?)([a-zA-Z][\w-]*)(?:[^>"]|"[^"]*")*?(\/?)>/g)) {
    if (own === '/' || ['meta', 'br', 'hr'].includes(name!)) continue;
    if (closing !== '/') open.push(name!);
    else if (open.pop() !== name) wrong.push(name!);
  }
  return [...wrong, ...open];
}

describe('the page of a run', () => {
  it('has its sections in the order of what a reader asks first', () => {
    expect([...page.matchAll(/<h2 id="[a-z]+-title">([^<]+)/g)].map((match) => match[1])).toEqual(['What failed', 'Result', 'Graph', 'Timeline', 'Figures', 'Steps', 'Artifacts', 'Parameters']);
  });

  it('shows the headline, its summary and the baseline beside each figure', () => {
    const result = page.slice(page.indexOf('id="result"'), page.indexOf('id="graph"'));
    expect(result).toContain('Keep the champion: the challenger is right on 53.1 % of 1,276 days');
    expect(result).toContain('<th scope="row">Accuracy</th><td class="n">0.5313</td><td class="n">0.5297</td><td class="n">0.5423</td>');
    // Pictures first, numbers on demand: the tables are folded, and come after the charts.
    expect(result.indexOf('<figure class="chart">')).toBeGreaterThan(result.indexOf('class="summary"'));
    expect(result.indexOf('<div class="numbers">')).toBeGreaterThan(result.lastIndexOf('<figure class="chart">'));
    expect(result).not.toContain('<details class="figure-table" open');
  });

  it('shows why a step worked, and which run its outputs came from otherwise', () => {
    expect(page).toContain('<li>parameter rate: 0.001 → 0.003</li>');
    expect(page).toContain('taken from run <code>20260130-180000-000-aaaa</code>');
  });

  it('shows the lineage of each artifact, also through a loop', () => {
    const row = (name: string): string => page.slice(page.indexOf(`<th scope="row">${name}</th>`), page.indexOf('</tr>', page.indexOf(`<th scope="row">${name}</th>`)));
    expect(row('ingest.prices')).toContain('>featurize</a>');
    expect([...row('featurize.table').matchAll(/">([^<]+)<\/a>/g)].map((match) => match[1])).toEqual(['featurize', 'train(0)', 'train(1)', 'train(2)', 'evaluate']);
    expect([...row('train(1).model').matchAll(/">([^<]+)<\/a>/g)].map((match) => match[1])).toEqual(['train(1)', 'evaluate']);
    expect(row('evaluate.best')).toContain('<td>–</td>');
  });

  it('tells the items of a loop apart by what they read', () => {
    const step = (name: string, ports: object) => defineContainerStep({ name, image: 'i', ...ports, command: () => ['true'] });
    const make = step('make', { outputs: { part: artifact.file() } }) as Step<{}, {}, { part: ReturnType<typeof artifact.file> }>;
    const use = step('use', { inputs: { part: artifact.file() } }) as Step<{}, { part: ReturnType<typeof artifact.file> }>;
    const looped = pipeline('looped', {}, ({ forEach }) => { forEach([1, 2], (_, { task }) => { task(use, { part: task(make, {}).part }); }); });
    const tasks = [0, 1].flatMap((item) => [sampleTask({ task: `make(${item})`, from: 0, seconds: 1, outputs: ['part'] }), sampleTask({ task: `use(${item})`, from: 1, seconds: 1, inputs: { part: sampleReference(`make(${item}).part`) } })]);
    const drawn = drawPage({ ...sampleDocument(10), pipeline: looped, tasks, figures: [] });
    for (const item of [0, 1]) {
      const row = drawn.slice(drawn.indexOf(`<th scope="row">make(${item}).part</th>`));
      expect([...row.slice(0, row.indexOf('</tr>')).matchAll(/">([^<]+)<\/a>/g)].map((match) => match[1])).toEqual([`make(${item})`, `use(${item})`]);
    }
  });

  it('leads from every card and every bar to a step that exists', () => {
    const targets = new Set([...page.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]!));
    expect(targets.size).toBeGreaterThan(10);
    for (const target of targets) expect(page).toContain(`id="${target}"`);
  });

  it('has no identifier twice, and every tag closed', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(unbalanced(page)).toEqual([]);
  });

  it('asks nothing of the network, and forbids it', () => {
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|\bsrc=|@import|url\((?!#)/);
    expect(page).toContain('default-src &#39;none&#39;');
  });

  it('allows exactly its own style and script', () => {
    for (const [tag, directive] of [['style', 'style-src'], ['script', 'script-src']] as const) {
      const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)![1]!;
      const digest = createHash('sha256').update(content).digest('base64');
      expect(page).toContain(`${directive} &#39;sha256-${digest}&#39;`);
    }
    expect(page).not.toMatch(/<[^>]+ (?:style|on[a-z]+)=/);
  });

  it('works in the dark and on paper, without a script', () => {
    expect(page).toContain('@media (prefers-color-scheme:dark)');
    expect(page).toContain('@media print');
    expect(page.match(/<script>/g)).toHaveLength(1);
  });
});

describe('a large run', () => {
  it('keeps a page of 5,000 days and every chart far below 1.5 MB', () => {
    const document = sampleDocument(5000);
    const figures = ['a', 'b', 'c', 'd'].map((output) => ({ task: 'evaluate', output, figures: sampleFigures(5000) }));
    expect(Buffer.byteLength(drawPage({ ...document, figures }))).toBeLessThan(600_000);
  });

  it('keeps a page of 5,000 tasks below 1.5 MB, with what failed in it', () => {
    const document = sampleDocument(50);
    const tasks = Array.from({ length: 5000 }, (_, index) => sampleTask({ task: `train(${index})`, from: index / 10, seconds: 1, outputs: ['model'], ...(index === 4321 ? { status: 'Failed' as const, reason: { code: 'PW301' as const, message: 'It broke.', fix: 'Mend it.' } } : {}) }));
    const large = drawPage({ ...document, tasks });
    expect(Buffer.byteLength(large)).toBeLessThan(1_500_000);
    expect(large).toContain('train(4321)');
    expect(large).toContain('200 of 5000 tasks');
  });
});

describe('a hostile run', () => {
  const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(2)>]]>--><!-- \u0000\u202e`;

  /** The same document with every text in it replaced, but for those that say what kind of thing something is. */
  function poison<T>(value: T, key = ''): T {
    const isKind = ['kind', 'status', 'format', 'why', 'what', 'type', 'startedAt', 'finishedAt', 'digest', 'code', 'node', 'step', 'id', 'task', 'output', 'loop', 'x'].includes(key);
    if (typeof value === 'string') return (isKind ? value : hostile) as T;
    if (Array.isArray(value)) return value.map((item) => poison(item, key)) as T;
    if (value instanceof Map) return new Map([...value].map(([name, item]) => [name, poison(item, String(name))])) as T;
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poison(item, name)])) as T;
    return value;
  }

  it('cannot put a tag, an attribute or a comment into the page', () => {
    const poisoned = drawPage(poison(sampleDocument(60)) as RunDocument);
    expect(poisoned).toContain('&lt;script&gt;alert(1)');
    expect(poisoned.match(/<script/g)).toHaveLength(1);
    expect(poisoned.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/<img|<!--|<[a-z][^>]*\sonerror/i);
    expect(poisoned).not.toMatch(/\u0000|\u202e/);
    expect(unbalanced(poisoned)).toEqual([]);
  });

  it('can have hostile names of tasks, steps and outputs as well', () => {
    const document = sampleDocument(60);
    const tasks = document.tasks.map((task) => ({ ...task, task: `${hostile}${task.task}`, step: hostile, outputs: Object.fromEntries(Object.entries(task.outputs).map(([name, reference]) => [hostile + name, reference])) }));
    const poisoned = drawPage({ ...document, tasks, pipeline: { ...document.pipeline, name: hostile, description: hostile } });
    expect(poisoned.match(/<script/g)).toHaveLength(1);
    expect(unbalanced(poisoned)).toEqual([]);
  });
});
