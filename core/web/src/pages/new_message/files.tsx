import { File as FileIcon, RotateCw, Upload, X } from 'lucide-react';
import { type DragEvent, useId, useState } from 'react';
import { text } from '~/text';
import { bytes } from '~/text/format';
import { IconButton } from '~/ui/button';
import type { Draft, DraftFile } from './draft';
import { addFiles, dropFile, sendAgain } from './uploads';

type FilesProps = { draft: Draft; most: number; problem: string | undefined };

/** Files by drag and drop or by choice; each shows how far it is. */
export function Files({ draft, most, problem }: FilesProps) {
  const id = useId();
  const [over, setOver] = useState(false);

  function add(list: FileList | null) {
    if (list && list.length > 0) addFiles(draft, [...list]);
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  }

  return (
    <section className="stack" aria-label={text.compose.files}>
      <div className="group-head">
        <h3>{text.compose.files}</h3>
        <p id={`${id}-hint`} className={problem ? 'field-error' : 'field-hint'}>
          {problem ?? text.compose.filesHint(most)}
        </p>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an addition to the choice inside */}
      {/* biome-ignore lint/a11y/noNoninteractiveElementInteractions: the same */}
      <div
        className={over ? 'drop-zone drop-zone-over' : 'drop-zone'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Upload aria-hidden="true" />
        {text.compose.dropHere}
        <label>
          {text.compose.chooseFiles}
          <input
            type="file"
            multiple
            aria-describedby={`${id}-hint`}
            onChange={(event) => {
              add(event.target.files);
              event.target.value = '';
            }}
          />
        </label>
      </div>
      {draft.files.length > 0 && (
        <ul className="file-list">
          {draft.files.map((file) => (
            <FileRow key={file.key} file={file} onRemove={() => dropFile(draft, file)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function percentOf({ sent, file }: DraftFile): number {
  return file.size === 0 ? 100 : Math.min(99, Math.floor((sent / file.size) * 100));
}

function FileRow({ file, onRemove }: { file: DraftFile; onRemove: () => void }) {
  const percent = percentOf(file);
  return (
    <li className="file-row">
      <FileIcon aria-hidden="true" />
      <span className="file-name" title={file.file.name}>
        {file.file.name}
      </span>
      <span className="file-state">
        {bytes(file.file.size)} · {file.state === 'uploading' ? text.compose.uploading(percent) : null}
        {file.state === 'uploaded' && text.compose.uploaded}
        {file.state === 'failed' && text.states.failed}
      </span>
      <span className="row">
        {file.state === 'failed' && (
          <IconButton label={text.compose.retryFile(file.file.name)} onClick={() => sendAgain(file)}>
            <RotateCw aria-hidden="true" />
          </IconButton>
        )}
        <IconButton label={text.compose.removeFile(file.file.name)} onClick={onRemove}>
          <X aria-hidden="true" />
        </IconButton>
      </span>
      {file.state === 'uploading' && (
        <div
          className="progress"
          role="progressbar"
          aria-label={file.file.name}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
        >
          <div className="progress-done" style={{ width: `${percent}%` }} />
        </div>
      )}
      {file.problem && file.state === 'failed' && <p className="field-error">{file.problem}</p>}
    </li>
  );
}
