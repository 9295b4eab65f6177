// Which place of a linked program says which of its functions and values, and what is found out by asking all places.

import * as tstl from "typescript-to-lua";
import { Rebuilder } from "./lua-tree";
import type { Entity, Said, Unit } from "./units";

/** The entities behind the places of a program. A place keeps its node as long as it says the same. */
export class SaidEntities {
  readonly #entities = new Map<tstl.Node, Entity>();

  get(place: tstl.Node): Entity | undefined {
    return this.#entities.get(place);
  }

  set(place: tstl.Node, entity: Entity): void {
    this.#entities.set(place, entity);
  }

  /** What a unit says as it stands, with all that was written into it. */
  inUnit(unit: Unit): Said {
    const said = new Map<Entity, number>();
    this.#walk(unit, (node) => {
      const entity = this.get(node);
      if (entity !== undefined) {
        said.set(entity, (said.get(entity) ?? 0) + 1);
      }
    });
    return said;
  }

  /** What units say without calling it there: it is handed on, and what it is handed to may call it at any time. */
  handedOnIn(units: readonly Unit[]): ReadonlySet<Entity> {
    const names = new Set<tstl.Node>();
    for (const unit of units) {
      const own = tstl.isAssignmentStatement(unit.statement) ? unit.statement.left : [];
      const called = new Set<tstl.Node>(own);
      this.#walk(
        unit,
        (node) => names.add(node),
        () => undefined,
        (node) => {
          if (tstl.isCallExpression(node)) {
            called.add(node.expression);
          }
        },
      );
      for (const node of called) {
        names.delete(node);
      }
    }
    return new Set([...names].flatMap((node) => this.get(node) ?? []));
  }

  /** What functions assign to: it has other values later than when all modules are loaded. */
  assignedIn(units: readonly Unit[]): ReadonlySet<Entity> {
    const assigned = new Set<Entity>();
    const look = (node: tstl.Statement): void => {
      for (const target of tstl.isAssignmentStatement(node) ? node.left : []) {
        const entity = this.get(target);
        if (entity !== undefined) {
          assigned.add(entity);
        }
      }
    };
    for (const unit of units) {
      this.#walk(unit, () => undefined, look);
    }
    return assigned;
  }

  #walk(
    { statement }: Unit,
    name: (node: tstl.Identifier) => void,
    inside: (node: tstl.Statement) => void = () => undefined,
    part: (node: tstl.Expression) => void = () => undefined,
  ): void {
    const look = new Rebuilder({
      free: (node) => {
        name(node);
        return node;
      },
      member: () => undefined,
      expression: (node) => {
        part(node);
        return node;
      },
      statements: (nodes) => {
        nodes.forEach(inside);
        return nodes;
      },
      local: () => undefined,
    });
    look.statement(statement);
  }
}
