import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import './menu.css';

type MenuProps = { trigger: ReactElement; children: ReactNode };

/** A button that opens a list of things to do. */
export function Menu({ trigger, children }: MenuProps) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner className="menu-place" sideOffset={6} align="end">
          <BaseMenu.Popup className="menu">{children}</BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

type MenuItemProps = { icon?: ReactNode; danger?: boolean; onSelect: () => void; children: ReactNode };

export function MenuItem({ icon, danger = false, onSelect, children }: MenuItemProps) {
  return (
    <BaseMenu.Item className={danger ? 'menu-item menu-item-danger' : 'menu-item'} onClick={onSelect}>
      {icon}
      {children}
    </BaseMenu.Item>
  );
}

type MenuChoicesProps = {
  value: string;
  choices: readonly { value: string; label: string; icon: ReactNode }[];
  onChoose: (value: string) => void;
};

export function MenuChoices({ value, choices, onChoose }: MenuChoicesProps) {
  return (
    <BaseMenu.RadioGroup value={value} onValueChange={(next) => onChoose(String(next))}>
      {choices.map((choice) => (
        <BaseMenu.RadioItem key={choice.value} value={choice.value} className="menu-item" closeOnClick>
          {choice.icon}
          {choice.label}
        </BaseMenu.RadioItem>
      ))}
    </BaseMenu.RadioGroup>
  );
}

export function MenuNote({ children }: { children: ReactNode }) {
  return <div className="menu-note">{children}</div>;
}

export function MenuLine() {
  return <BaseMenu.Separator className="menu-line" />;
}
