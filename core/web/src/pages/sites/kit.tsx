import { Download } from 'lucide-react';
import { useState } from 'react';
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

type KitDialogProps = { name: string; kit: string; onClose: () => void };

/** The kit of a site, shown once, with what to do with it. */
export function KitDialog({ name, kit, onClose }: KitDialogProps) {
  const [downloaded, setDownloaded] = useState(false);
  const [download, enrol, start, cleanUp] = text.sites.kitSteps;
  const config = '/etc/sallyport/selfdestruct.toml';

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
          <p>{enrol}</p>
          <Command line={`sallyport-selfdestruct enrol ${fileName(name)} --config ${config}`} />
        </li>
        <li>
          <p>{start}</p>
          <Command line={`sallyport-selfdestruct serve --config ${config}`} />
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
