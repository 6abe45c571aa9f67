import { Link } from '@tanstack/react-router';
import { composeSteps } from '~/app/router';
import { text } from '~/text';
import type { Step } from './new_message';

/** The four steps; those that can be reached are links. */
export function StepList({ step, furthest }: { step: Step; furthest: Step }) {
  const at = composeSteps.indexOf(step);
  const reach = composeSteps.indexOf(furthest);
  return (
    <nav aria-label={text.compose.stepOf(at + 1, composeSteps.length)}>
      <ol className="step-list">
        {composeSteps.map((each, index) => (
          <li key={each}>
            <StepName
              each={each}
              number={index + 1}
              current={each === step}
              passed={index < at}
              reachable={index <= reach}
            />
          </li>
        ))}
      </ol>
    </nav>
  );
}

type StepNameProps = { each: Step; number: number; current: boolean; passed: boolean; reachable: boolean };

function StepName({ each, number, current, passed, reachable }: StepNameProps) {
  const name = (
    <>
      {number} <b className="step-name">{text.compose.steps[each]}</b>
    </>
  );
  if (current) return <span aria-current="step">{name}</span>;
  if (!reachable) return <span>{name}</span>;
  return (
    <Link
      to="/messages/new"
      search={{ step: each }}
      className={passed ? 'step-passed' : ''}
      activeProps={{ 'aria-current': undefined }}
    >
      {name}
    </Link>
  );
}
