/** No test is possible; `reason` is a clause that says why. */
export interface NoTest {
  readonly kind: 'undefined';
  readonly reason: string;
}
