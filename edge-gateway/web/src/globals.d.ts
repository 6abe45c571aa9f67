/** Set by build.mjs: where the worker lies, relative to the page's script. */
declare const BEAT_WORKER: string;
declare const REPOSITORY: string;

interface TrustedScriptURL {
  readonly _trusted: unique symbol;
}
interface Window {
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL: (url: string) => string },
    ): { createScriptURL(url: string): TrustedScriptURL & string };
  };
}
