import type { Schemas } from '~/api/client';
import { errorsAmong, partsOf } from '~/api/entries';
import { text } from '~/text';
import { folderOf, type Host } from './host_entries';

/** What many hosts can be given alike, in the order of the form. */
export const parts = ['folder', 'tags', 'site', 'type', 'operating_system', 'first_use', 'notes'] as const;
export type Part = (typeof parts)[number];

/** As it is typed. */
export type AlikeEntries = {
  folder: string;
  add_tags: string;
  remove_tags: string;
  site: string;
  type: string;
  operating_system: string;
  first_use: boolean;
  notes: string;
};

export function alikeOf(host: Host | undefined): AlikeEntries {
  return {
    folder: host?.folder ?? '',
    add_tags: '',
    remove_tags: '',
    site: host?.site.id ?? '',
    type: host?.type ?? '',
    operating_system: host?.operating_system ?? '',
    first_use: host?.first_use ?? true,
    notes: '',
  };
}

const tagsOf = (typed: string) => [...new Set(partsOf(typed, /,/))];

/** What is sent when `ticked` is changed. Only for entries without errors. */
export function changeOf(
  entries: AlikeEntries,
  ticked: readonly Part[],
): NonNullable<Schemas['HostsBulk']['change']> {
  const all: Record<Part, Schemas['HostsBulk']['change']> = {
    folder: { folder: folderOf(entries.folder) },
    tags: { add_tags: tagsOf(entries.add_tags), remove_tags: tagsOf(entries.remove_tags) },
    site: { site: entries.site },
    type: { type: entries.type.trim() },
    operating_system: { operating_system: entries.operating_system.trim() },
    first_use: { first_use: entries.first_use },
    notes: { notes: entries.notes.trim() },
  };
  return Object.assign({}, ...ticked.map((part) => all[part]));
}

/** What is wrong in what is ticked, before it is sent. */
export function alikeErrors(entries: AlikeEntries, ticked: readonly Part[]) {
  const noTag = tagsOf(entries.add_tags).length + tagsOf(entries.remove_tags).length === 0;
  return errorsAmong({
    tags: ticked.includes('tags') && noTag ? text.hosts.tagsMissing : undefined,
  });
}
