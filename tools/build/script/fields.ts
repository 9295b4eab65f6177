// The fields of the firmware's records as numbers, and records of many fields as arrays: in JerryScript a property takes eight octets,
// an element four. What is smaller as an object stays one, with numbers for names.

import type { AnyNode, BlockStatement, Expression, Identifier, ObjectExpression, Property } from "acorn";
import type { Script } from "./program";
import {
  type FunctionPart,
  isFunction,
  isPart,
  make,
  makeAssignment,
  makeName,
  makeSequence,
  makeVariable,
  mapParts,
  statementsOf,
} from "./tree";

/** Octets of an object with some fields, with pointers of 16 bits: properties come in pairs. */
function objectOctets(fields: number): number {
  return 8 + 16 * Math.ceil(fields / 2);
}

/** Octets of an array: elements come in eights. */
function arrayOctets(elements: number): number {
  return 16 + 32 * Math.ceil(elements / 8);
}

/** Numbers the fields of a script. */
export function numberFields(script: Script, numbers: ReadonlyMap<string, number>): void {
  const numbering = new Numbering(script, numbers);
  script.statements = script.statements.map((node) => numbering.part(node) as typeof node);
}

interface Field {
  property: Property;
  value: Expression;
  number: number;
}

class Numbering {
  readonly #script: Script;
  readonly #numbers: ReadonlyMap<string, number>;
  /** The names of the program that get another value later. */
  readonly #changing: ReadonlySet<string>;
  /** Variables that the function gets in which the walk is. */
  #variables: string[] = [];

  constructor(script: Script, numbers: ReadonlyMap<string, number>) {
    this.#script = script;
    this.#numbers = numbers;
    this.#changing = new Set(
      [...script.uses()].flatMap(([name, uses]) => (uses.some(({ use }) => use === "write") ? [name] : [])),
    );
  }

  part(node: AnyNode): AnyNode {
    if (isFunction(node)) {
      return this.#function(node);
    }
    const changed = mapParts(node, (part) => this.part(part));
    if (changed.type === "MemberExpression" && !changed.computed) {
      const number = this.#numbers.get((changed.property as Identifier).name);
      return number === undefined ? changed : { ...changed, computed: true, property: makeNumber(changed, number) };
    }
    return changed.type === "ObjectExpression" ? this.#record(changed) : changed;
  }

  #function(node: AnyNode & FunctionPart): AnyNode {
    const around = this.#variables;
    this.#variables = [];
    const changed = mapParts(node, (part) => this.part(part));
    const variables = this.#variables.map((name) => makeVariable(node, name));
    this.#variables = around;
    const body = changed.body as BlockStatement;
    return { ...changed, body: { ...body, body: [...variables, ...statementsOf(body)] } } as AnyNode;
  }

  #record(node: ObjectExpression): Expression {
    const fields = node.properties.map((one): Field => {
      const property = one as Property;
      const number = property.key.type === "Identifier" ? this.#numbers.get(property.key.name) : undefined;
      return { property, value: property.value, number: number ?? -1 };
    });
    const length = Math.max(...fields.map(({ number }) => number)) + 1;
    const isArray = fields.every(({ number }) => number >= 0) && arrayOctets(length) < objectOctets(fields.length);
    if (!isArray || fields.length === 0) {
      const properties = fields.map(({ property, number }) =>
        number < 0 ? property : { ...property, key: makeNumber(property.key, number) },
      );
      return { ...node, properties };
    }
    return this.#keepsOrder(fields) ? makeArray(node, fields, length) : this.#filledArray(node, fields, length);
  }

  /** Whether values that may do something are in the order of their numbers. */
  #keepsOrder(fields: readonly Field[]): boolean {
    const active = fields.filter(({ value }) => !this.#isStill(value));
    return active.every(({ number }, index) => index === 0 || active[index - 1].number < number);
  }

  /** Whether a value is the same whenever it is computed and nothing happens on the way. */
  #isStill(node: Expression): boolean {
    switch (node.type) {
      case "Literal":
        return true;
      case "Identifier":
        return this.#script.names.has(node.name) && !this.#changing.has(node.name);
      case "UnaryExpression":
        return this.#isStill(node.argument);
      case "ArrayExpression":
        return node.elements.every((one) => isPart(one) && this.#isStill(one as Expression));
      default:
        return false;
    }
  }

  /** An array that is filled in the order in which its values are written. */
  #filledArray(node: AnyNode, fields: readonly Field[], length: number): Expression {
    const name = this.#script.createName("record");
    this.#variables.push(name);
    const stores = fields.map(({ value, number }): Expression => {
      const object = makeName(value, name);
      const property = makeNumber(value, number);
      const left = make<Expression>(value, {
        type: "MemberExpression",
        object,
        property,
        computed: true,
        optional: false,
      });
      return make(value, { type: "AssignmentExpression", operator: "=", left: left as Identifier, right: value });
    });
    return makeSequence(node, [
      makeAssignment(node, name, makeArray(node, [], length)),
      ...stores,
      makeName(node, name),
    ]);
  }
}

function makeNumber(at: AnyNode, value: number): Expression {
  return make<Expression>(at, { type: "Literal", value, raw: String(value) });
}

function makeArray(at: AnyNode, fields: readonly Field[], length: number): Expression {
  const elements: (Expression | null)[] = Array.from({ length }, () => null);
  for (const { number, value } of fields) {
    elements[number] = value;
  }
  return make<Expression>(at, { type: "ArrayExpression", elements });
}
