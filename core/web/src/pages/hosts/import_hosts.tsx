import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { answer, api, type Schemas } from '~/api/client';
import { problemText } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { text } from '~/text';
import { BackLink } from '~/ui/back';
import { Button } from '~/ui/button';
import { Check } from '~/ui/choices';
import { FileButton } from '~/ui/file_button';
import { Card, Note, Page } from '~/ui/parts';
import { saveAs } from '~/ui/save';
import { Table } from '~/ui/table';
import { say } from '~/ui/toast';

const mostBytes = 4 * 1024 * 1024;
const example = [
  'name,site,address,port,protocol,type,operating_system,folder,tags,notes',
  'web-1.acme.example,Acme,10.1.2.3,22,ssh,server,Debian 12,Linux/Web,"web,production",Behind the balancer',
  '',
].join('\r\n');

type Result = Schemas['Imported'];
type Run = { csv: string; update: boolean; dry: boolean };

/** The body is the file as it is: no JSON around it. */
function importHosts({ csv, update, dry }: Run): Promise<Result> {
  return answer(
    api.POST('/hosts/import', {
      params: { query: { dry_run: dry, update } },
      body: csv,
      headers: { 'Content-Type': 'text/csv' },
      bodySerializer: (body) => body,
    }),
  );
}

/** Many hosts from a CSV file: first what would happen and what is wrong, then the import. */
export function ImportHostsPage() {
  const [csv, setCsv] = useState<{ name: string; content: string } | null>(null);
  const [tooBig, setTooBig] = useState(false);
  const [update, setUpdate] = useState(false);
  const navigate = useNavigate();
  const words = text.hosts.importer;
  const check = useMutation({ mutationFn: importHosts });
  const run = useMutation({
    mutationFn: importHosts,
    onSuccess: async (result) => {
      if (result.errors.length > 0) return;
      await queryClient.invalidateQueries({ queryKey: ['hosts'] });
      say(words.done(result.created, result.changed));
      await navigate({ to: '/hosts' });
    },
  });

  async function choose(file: File) {
    run.reset();
    check.reset();
    setTooBig(file.size > mostBytes);
    if (file.size > mostBytes) return;
    const content = await file.text();
    setCsv({ name: file.name, content });
    check.mutate({ csv: content, update, dry: true });
  }

  function changeUpdate(wanted: boolean) {
    setUpdate(wanted);
    run.reset();
    if (csv) check.mutate({ csv: csv.content, update: wanted, dry: true });
  }

  const result = run.data ?? check.data;
  const error = run.error ?? check.error;
  const ready = check.data?.errors.length === 0 && check.data.created + check.data.changed > 0;
  return (
    <Page title={words.title} lead={words.lead}>
      <BackLink to="/hosts">{text.hosts.back}</BackLink>
      <Card>
        <p className="dim">
          {words.columnsHint} {words.fileHint}
        </p>
        <div className="row">
          <FileButton
            label={words.choose}
            accept=".csv,text/csv"
            busy={check.isPending}
            onChoose={(file) => void choose(file)}
          />
          {csv && <span className="dim">{csv.name}</span>}
          <Button
            look="quiet"
            icon={<Download aria-hidden="true" />}
            onClick={() => saveAs('hosts.csv', 'text/csv', example)}
          >
            {words.template}
          </Button>
        </div>
        <Check label={words.update} hint={words.updateHint} checked={update} onCheck={changeUpdate} />
        {tooBig && <Note tone="danger">{words.tooBig}</Note>}
        {error && <Note tone="danger">{problemText(error)}</Note>}
        <div role="status">{result && <Outcome result={result} />}</div>
        <div className="row row-end">
          <Button
            look="primary"
            disabled={!ready}
            busy={run.isPending}
            onClick={() => csv && run.mutate({ csv: csv.content, update, dry: false })}
          >
            {words.run}
          </Button>
        </div>
      </Card>
      {result && result.errors.length > 0 && <Problems errors={result.errors} />}
    </Page>
  );
}

function Outcome({ result }: { result: Result }) {
  const words = text.hosts.importer;
  if (result.errors.length > 0) {
    return (
      <Note tone="danger" title={words.errorsTitle(result.errors.length)}>
        {words.errorsText}
      </Note>
    );
  }
  if (result.created + result.changed === 0) return <Note tone="info">{words.nothingToDo}</Note>;
  return <Note tone="success">{words.wouldDo(result.created, result.changed)}</Note>;
}

function Problems({ errors }: { errors: Result['errors'] }) {
  const words = text.hosts.importer;
  return (
    <Table
      caption={words.errorsCaption}
      columns={[
        { key: 'line', head: words.columns.line, narrow: true, cell: (error) => String(error.line) },
        { key: 'field', head: words.columns.field, cell: (error) => <code>{error.field}</code> },
        { key: 'problem', head: words.columns.problem, cell: (error) => error.detail },
      ]}
      rows={errors}
      keyOf={(error) => `${error.line} ${error.field} ${error.detail}`}
    />
  );
}
