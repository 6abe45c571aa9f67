import { en } from './en';

/** Every dictionary has the shape of the English one, so that a missing sentence does not compile. */
export type Dictionary = typeof en;

/** The sentences of the site. A second language is a second file and a choice here. */
export const text: Dictionary = en;
