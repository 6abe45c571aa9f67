import { Download } from 'lucide-react';
import { useState } from 'react';
import type { Schemas } from '~/api/client';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { Command } from '~/ui/command';
import { Dialog } from '~/ui/dialog';
import { Note } from '~/ui/parts';
import { saveAs } from '~/ui/save';
import './kit.css';

function fileName(name: string): string {
  return `${name.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}.kit`;
}

const programs = { selfdestruct: 'sallyport-selfdestruct', gateway: 'sallyport-gateway' } as const;

type KitDialogProps = {
  name: string;
  kind: Schemas['EdgeKind'];
  kit: string;
  onClose: () => void;
};

/** The kit of a site, shown once, with what to do with it. */
export function KitDialog({ name, kind, kit, onClose }: KitDialogProps) {
  const [downloaded, setDownloaded] = useState(false);
  const [download, setUp, cleanUp] = text.sites.kitSteps;
  const program = programs[kind];

  return (
    <Dialog
      open
      keep
      wide
      title={text.sites.kitTitle(name)}
      description={text.sites.kitLead}
      onClose={onClose}
    >
      <ol className="kit-steps">
        <li>
          <p>{download}</p>
          <Button
            look="primary"
            icon={<Download aria-hidden="true" />}
            onClick={() => {
              saveAs(fileName(name), 'application/json', kit);
              setDownloaded(true);
            }}
          >
            {text.sites.kitDownload}
          </Button>
        </li>
        <li>
          <p>{setUp}</p>
          <Command line={`${program} setup --kit ${fileName(name)}`} />
        </li>
        <li>
          <p>{cleanUp}</p>
        </li>
      </ol>
      {!downloaded && <Note tone="warning">{text.sites.kitWarning}</Note>}
      <div className="row row-end">
        <Button onClick={onClose}>{text.done}</Button>
      </div>
    </Dialog>
  );
}
