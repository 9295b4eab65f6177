// Every scenario, in the order of their subjects.

import type { Scenario } from "../scenario";
import { CALLS } from "./calls";
import { CHANGES } from "./changes";
import { KEYS } from "./keys";
import { REGISTRATION } from "./registration";
import { WIRE } from "./wire";

export const SCENARIOS: readonly Scenario[] = [...REGISTRATION, ...CALLS, ...KEYS, ...CHANGES, ...WIRE];
