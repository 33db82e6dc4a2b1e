// What the description declares and the contract test does not bring about, each with its reason.
// An entry that has become untrue fails the test.
export const neverProduced = {};
