/** The address of the Argon2 worker beside the bundle; build.mjs puts it in. */
declare const ARGON2_WORKER: string;

interface TrustedTypePolicy {
  // A TrustedScriptURL where the browser has them. The DOM's own types do not know it yet.
  createScriptURL(input: string): string;
}

interface Window {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL(input: string): string }): TrustedTypePolicy;
  };
}
