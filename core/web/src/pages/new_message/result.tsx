import { useEffect, useRef, useState } from 'react';
import { text } from '~/text';
import { minuteTime } from '~/text/format';
import { Button, ButtonLink } from '~/ui/button';
import { CopyField } from '~/ui/copy';
import { Card, Note, Page } from '~/ui/parts';
import { forgetDraft, type Sent } from './draft';
import { QrCode } from './qr_code';

/** The link, once: it is in the core's answer and nowhere else. Gone when the page is left. */
export function Result({ sent }: { sent: Sent }) {
  const words = text.compose;
  useForgetOnLeave();
  return (
    <Page
      title={sent.to ? words.sentTitle : words.createdTitle}
      lead={`${sent.to ? words.mailed(sent.to) : words.handOn} ${words.expiresAt(minuteTime(new Date(sent.expiresAt)))}`}
      narrow
    >
      <Card>
        <CopyField
          label={words.link}
          value={sent.url}
          hint={words.linkHint}
          copyLabel={words.copyLink}
          primary={sent.to === ''}
        />
        <Qr url={sent.url} />
      </Card>
      {sent.passphrase !== null && (
        <Card>
          <CopyField label={words.protection} value={sent.passphrase} copyLabel={words.copyPassphrase} />
          <Note tone="warning" title={words.separately}>
            {words.separatelyText}
          </Note>
        </Card>
      )}
      <div className="row">
        <ButtonLink to="/messages/$id" params={{ id: sent.id }} look="primary">
          {words.watch}
        </ButtonLink>
        <Button onClick={forgetDraft}>{words.another}</Button>
      </div>
    </Page>
  );
}

/** Link and passphrase do not outlive the page that shows them. */
function useForgetOnLeave() {
  const present = useRef(false);
  useEffect(() => {
    present.current = true;
    return () => {
      present.current = false;
      // React mounts twice while developing: only a page that stays away has been left.
      queueMicrotask(() => {
        if (!present.current) forgetDraft();
      });
    };
  }, []);
}

function Qr({ url }: { url: string }) {
  const [shown, setShown] = useState(false);
  return (
    <div className="result-qr">
      <Button aria-expanded={shown} onClick={() => setShown(!shown)}>
        {shown ? text.compose.qrHide : text.compose.qrShow}
      </Button>
      {shown && <QrCode content={url} label={text.compose.qr} />}
    </div>
  );
}
