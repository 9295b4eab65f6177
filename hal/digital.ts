// ECMA-419 Digital: one pin. `activeLow` is the board's affair: 1 means pressed, lit, energised.

export interface Digital {
  /** 0 or 1 */
  read(this: Digital): number;
  write(this: Digital, value: number): void;
}
