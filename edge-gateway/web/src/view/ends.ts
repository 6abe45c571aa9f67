/** Why a session is over, in words that say what to do. */
import type { Over } from '../connection.ts';
import type { Texts } from '../i18n/texts.ts';

export function endText(t: Texts, over: Over): string {
  const plain: Readonly<Record<string, string>> = {
    logout: over.exit === null || over.exit === 0 ? t.endLogout : t.endExit(String(over.exit)),
    closed: t.endClosed,
    idle: t.endIdle,
    limit: t.endLimit,
    terminated: over.by === null || over.by === '' ? t.endTerminated : t.endTerminatedBy(over.by),
    lost: t.endLost,
    hung_up: t.endHungUp,
    unreachable: t.endUnreachable,
    address: t.endAddress,
    host_key: t.endHostKey,
    credential: t.endCredential,
    protocol: t.endProtocol,
    disk_full: t.endDiskFull,
    restarted: t.endRestarted,
    internal: t.endInternal,
    refused: t.endRefused,
    elsewhere: t.endElsewhere,
    no_connection: t.endNoConnection,
  };
  return Object.hasOwn(plain, over.reason) ? (plain[over.reason] ?? t.endInternal) : t.endInternal;
}
