import type { ValueType } from '../contract/index.ts';
import type { Collection, Expression } from '../ir/index.ts';
import { collectionName, decodeObjects, decodeTexts, encodeObject } from './collection.ts';
import { member, quote, simpleTag, tag } from './expr.ts';
import type { Layout } from './layout.ts';
import { hasPlainItems, itemText, mayBeEmpty } from './loop.ts';
import { portName } from './names.ts';
import { isPlain, protect, unprotect } from './protect.ts';
import type { Call, Scope } from './scope.ts';

/** The place in which an expression is written: an argument or condition of a call, or an output of the scope itself. */
export interface Reader {
  readonly scope: Scope;
  /** It will wait for all that it reads: a reference that is not also a dependency hangs a run. */
  readonly call: Call | undefined;
}

/** How the text of something is reached from a place. */
export interface Read {
  /** An expression that yields the text. */
  readonly text: string;
  /** The name for a simple tag, where one can be used. */
  readonly simple: string | undefined;
  /** No value of it needs protection (`protect.ts`), so it makes no difference whether it has it. */
  readonly plain: boolean;
  readonly isProtected: boolean;
  /** Absent when something was skipped: `text` then yields nil, unless it came through a port with a default. */
  readonly maybe: boolean;
  readonly mayBeNil: boolean;
}

/** Something with a text form that has a home scope and can be carried to any other through ports of the DAGs between. */
interface Carried {
  readonly port: string;
  readonly home: Scope;
  readonly plain: boolean;
  /** What its port carries when it is absent. Never used as a value: whoever reads it asks first whether it is there. */
  readonly absent: string;
  readonly atHome: (reader: Reader) => Read;
}

export function rawText(read: Read): string {
  return read.plain || !read.isProtected ? read.text : unprotect(read.text);
}

export function protectedText(read: Read): string {
  return read.plain || read.isProtected ? read.text : protect(read.text);
}

/** Finds the way from every reference to what it refers to, adding ports to DAGs on the way. */
export class References {
  readonly #layout: Layout;
  readonly #printValue: (expression: Expression, reader: Reader) => string;

  constructor(layout: Layout, printValue: (expression: Expression, reader: Reader) => string) {
    this.#layout = layout;
    this.#printValue = printValue;
  }

  /** A parameter of the pipeline. Outputs of a DAG see none of Argo's globals, so there it enters as a parameter of the DAG. */
  parameter(name: string, type: ValueType, reader: Reader): Read {
    return this.#global(member('workflow.parameters', name), `workflow.parameters.${name}`, `_${name}`, isPlain(type), reader);
  }

  status(reader: Reader): Read {
    return this.#global('workflow.status', 'workflow.status', '__status', true, reader);
  }

  result(task: string, result: string, type: ValueType, reader: Reader): Read {
    const call = this.#layout.taskCall(task);
    return this.#read({ port: portName(task, result), home: call.scope, plain: isPlain(type), absent: '', atHome: outputOf(call, result, isPlain(type)) }, reader);
  }

  /** The present item of a loop. */
  item(loop: string, reader: Reader): Read {
    const call = this.#layout.loopCall(loop);
    const plain = hasPlainItems(call.loop!);
    const text = itemText(call.loop!);
    const simple = plain ? 'item.value' : undefined;
    if (call.action.kind === 'step') return { text, simple, plain, isProtected: true, maybe: false, mayBeNil: false };
    return this.#fromLoop(call, portName(loop, 'item'), { text, simple, plain }, reader);
  }

  /** The number of the present item, `000003`, as a simple tag. */
  index(loop: string, reader: Reader): string {
    const call = this.#layout.loopCall(loop);
    if (call.action.kind === 'step') return simpleTag('item.index');
    return simpleTag(this.#fromLoop(call, portName(loop, 'index'), { text: 'item.index', simple: 'item.index', plain: true }, reader).simple!);
  }

  /** An expression that yields the list of a value over all items of a loop. */
  collection(collection: Collection, reader: Reader): string {
    const call = this.#layout.loopCall(collection.loop);
    const { action } = call;
    const isStep = action.kind === 'step';
    const name = collectionName(collection, this.#layout.collections);
    const port = isStep ? (collection.of as { result: string }).result : name;
    if (action.kind === 'scope' && !action.scope.leaving.has(port)) {
      const value = this.#printValue(collection.of, { scope: action.scope, call: undefined });
      action.scope.leaving.set(port, { name: port, valueFrom: { expression: encodeObject(value) } });
    }
    const read = this.#read({ port: name, home: call.scope, plain: false, absent: '[]', atHome: outputOf(call, port, false, mayBeEmpty(call.loop!)) }, reader);
    const text = read.mayBeNil ? `${rawText(read)} ?? "[]"` : rawText(read);
    return isStep ? decodeTexts(text, collection.of.type) : decodeObjects(text);
  }

  /** An expression that yields whether a call with a condition was executed. */
  ran(call: Call, reader: Reader): string {
    const executed = `${member('tasks', call.name)}.status == "Succeeded"`;
    if (reader.scope === call.scope) {
      reader.call?.dependencies.add(call.name);
      return executed;
    }
    const read = this.#read({
      port: `__ran_${call.name}`, home: call.scope, plain: true, absent: 'false',
      atHome: (inner) => {
        inner.call?.dependencies.add(call.name);
        return { text: `${executed} ? "true" : "false"`, simple: undefined, plain: true, isProtected: false, maybe: call.condition !== undefined, mayBeNil: false };
      },
    }, reader);
    return `${read.text} == "true"`;
  }

  /** The innermost condition on the way from the reader to a call: what it yields is there if that call was executed. */
  guardOf(call: Call, reader: Reader): Call | undefined {
    for (let inner: Call | undefined = call; inner; inner = inner.scope.call) {
      if (inner.condition?.kind === 'holds') return inner;
      if (inner.scope === reader.scope || inner.scope.childToward(reader.scope)) return undefined;
    }
    return undefined;
  }

  #global(text: string, simple: string, port: string, plain: boolean, reader: Reader): Read {
    const read: Read = { text, simple, plain, isProtected: false, maybe: false, mayBeNil: false };
    if (reader.call) return read;
    enter(reader.scope, port, read, '');
    return entered(port, read);
  }

  /** An item or its number, which enter the body of a loop with the call that is repeated. */
  #fromLoop(call: Call, port: string, of: { text: string; simple: string | undefined; plain: boolean }, reader: Reader): Read {
    const body = call.action.kind === 'scope' ? call.action.scope : call.scope;
    const read: Read = { ...of, isProtected: true, maybe: false, mayBeNil: false };
    return this.#read({
      port, home: body, plain: of.plain, absent: '',
      atHome: () => {
        enter(body, port, read, '');
        return entered(port, read);
      },
    }, reader);
  }

  #read(carried: Carried, reader: Reader): Read {
    const { scope } = reader;
    if (scope === carried.home) return carried.atHome(reader);
    const child = scope.childToward(carried.home);
    if (child) {
      const inner = this.#read(carried, { scope: child, call: undefined });
      const maybe = inner.maybe || child.call!.condition !== undefined;
      leave(child, carried, inner, maybe);
      reader.call?.dependencies.add(child.call!.name);
      return { ...taskOutput(child.call!.name, carried.port), plain: carried.plain, isProtected: false, maybe, mayBeNil: false };
    }
    const outer = this.#read(carried, { scope: scope.parent!, call: scope.call });
    enter(scope, carried.port, outer, carried.absent);
    return entered(carried.port, outer);
  }
}

function taskOutput(task: string, port: string): { text: string; simple: string } {
  return { text: member(`${member('tasks', task)}.outputs.parameters`, port), simple: `tasks.${task}.outputs.parameters.${port}` };
}

function outputOf(call: Call, port: string, plain: boolean, mayBeEmpty = false): Carried['atHome'] {
  return (reader) => {
    reader.call?.dependencies.add(call.name);
    const maybe = call.condition !== undefined;
    return { ...taskOutput(call.name, port), plain, isProtected: false, maybe, mayBeNil: maybe || mayBeEmpty };
  };
}

function leave(scope: Scope, carried: Carried, inner: Read, maybe: boolean): void {
  if (scope.leaving.has(carried.port)) return;
  const from = inner.simple === undefined ? { expression: inner.text } : { parameter: simpleTag(inner.simple) };
  const needsDefault = maybe || inner.mayBeNil;
  scope.leaving.set(carried.port, { name: carried.port, valueFrom: { ...from, ...(needsDefault ? { default: carried.absent } : {}) } });
}

function enter(scope: Scope, port: string, outer: Read, absent: string): void {
  if (scope.entering.has(port)) return;
  const present: Read = outer.mayBeNil ? { ...outer, text: `${outer.text} ?? ${quote(absent)}`, simple: undefined } : outer;
  const value = present.plain && present.simple !== undefined ? simpleTag(present.simple) : tag(protectedText(present));
  scope.entering.set(port, { port: { name: port }, argument: { name: port, value } });
}

function entered(port: string, outer: Read): Read {
  return { text: member('inputs.parameters', port), simple: `inputs.parameters.${port}`, plain: outer.plain, isProtected: true, maybe: outer.maybe, mayBeNil: false };
}
