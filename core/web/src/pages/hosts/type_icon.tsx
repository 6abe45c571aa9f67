import {
  BrickWallFire,
  Camera,
  Database,
  HardDrive,
  Laptop,
  Monitor,
  Network,
  Printer,
  Router,
  Server,
  SquareTerminal,
  Wifi,
} from 'lucide-react';
import type { Host } from './host_entries';

const byWord = [
  ['firewall', BrickWallFire],
  ['switch', Network],
  ['router', Router],
  ['access point', Wifi],
  ['wifi', Wifi],
  ['database', Database],
  ['storage', HardDrive],
  ['nas', HardDrive],
  ['printer', Printer],
  ['camera', Camera],
  ['laptop', Laptop],
  ['notebook', Laptop],
  ['desktop', Monitor],
  ['workstation', Monitor],
  ['server', Server],
] as const;

const byProtocol = { ssh: Server, rdp: Monitor, vnc: Monitor, telnet: SquareTerminal } as const;

/** A picture of what it is: by the words of its type, else by its protocol. */
export function TypeIcon({ host }: { host: Pick<Host, 'type' | 'protocol'> }) {
  const type = host.type.toLowerCase();
  const Icon = byWord.find(([word]) => type.includes(word))?.[1] ?? byProtocol[host.protocol];
  return <Icon className="host-icon" aria-hidden="true" />;
}
