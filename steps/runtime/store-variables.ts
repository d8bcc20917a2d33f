/**
 * What a step must declare to reach the store: where it is (`environment`, so part of the fingerprint: another store is
 * another registry), and how to get in (`secrets`). The runner passes no other variables on.
 */
export { STORE_SECRETS, STORE_VARIABLES } from '../../dsl/contract/index.ts';
