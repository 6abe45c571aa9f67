#!/usr/bin/python3
"""A mail server for demonstrations and tests: takes every mail on loopback, sends none on, and keeps each in a Maildir.

    mail_catcher.py --port 2525 --directory var/mail [--host 127.0.0.1]

It speaks enough of SMTP (RFC 5321) for a client that delivers: EHLO, MAIL, RCPT, DATA, RSET, NOOP, QUIT, 8BITMIME, SMTPUTF8.
"""

import argparse
import asyncio
import mailbox
import pathlib
import signal

LONGEST_LINE = 64 * 1024
LARGEST_MAIL = 16 * 1024 * 1024


class Session:
    """One client's connection."""

    def __init__(self, reader, writer, maildir):
        self.reader, self.writer, self.maildir = reader, writer, maildir
        self.sender, self.recipients = None, []

    async def run(self):
        await self.say("220 mail catcher ready")
        while line := await self.reader.readline():
            words = line.decode("utf-8", "replace").strip()
            verb = words.split(" ", 1)[0].upper()
            answer = getattr(self, "on_" + verb.lower(), None)
            if answer is None:
                await self.say("502 unknown command")
            elif await answer(words) == "bye":
                return

    async def say(self, *lines):
        self.writer.write("".join(line + "\r\n" for line in lines).encode())
        await self.writer.drain()

    async def on_ehlo(self, _):
        await self.say("250-localhost", "250-8BITMIME", "250-SMTPUTF8", f"250 SIZE {LARGEST_MAIL}")

    async def on_helo(self, _):
        await self.say("250 localhost")

    async def on_mail(self, words):
        self.sender, self.recipients = address_in(words), []
        await self.say("250 ok")

    async def on_rcpt(self, words):
        if self.sender is None:
            return await self.say("503 MAIL first")
        self.recipients.append(address_in(words))
        await self.say("250 ok")

    async def on_data(self, _):
        if not self.recipients:
            return await self.say("503 RCPT first")
        await self.say("354 go on")
        content = await self.content()
        if content is None:
            return await self.say("552 too large")
        self.keep(content)
        self.sender, self.recipients = None, []
        await self.say("250 kept")

    async def on_rset(self, _):
        self.sender, self.recipients = None, []
        await self.say("250 ok")

    async def on_noop(self, _):
        await self.say("250 ok")

    async def on_quit(self, _):
        await self.say("221 bye")
        return "bye"

    async def content(self):
        """Everything up to the line with a single dot, or None if it is too much."""
        lines, size = [], 0
        while (line := await self.reader.readline()) not in (b".\r\n", b".\n", b""):
            size += len(line)
            if size <= LARGEST_MAIL:
                lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines).replace(b"\r\n", b"\n") if size <= LARGEST_MAIL else None

    def keep(self, content):
        envelope = f"X-Envelope-From: {self.sender}\n" + "".join(f"X-Envelope-To: {r}\n" for r in self.recipients)
        self.maildir.add(envelope.encode() + content)


def address_in(words):
    """The address of `MAIL FROM:<a@b> SIZE=3`."""
    return words.partition("<")[2].partition(">")[0]


async def serve(host, port, directory):
    pathlib.Path(directory).mkdir(parents=True, exist_ok=True)
    maildir = mailbox.Maildir(directory + "/Maildir", create=True)

    async def client(reader, writer):
        try:
            await Session(reader, writer, maildir).run()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(client, host, port, limit=LONGEST_LINE)
    print(f"listening on {host}:{server.sockets[0].getsockname()[1]}, keeping mail in {directory}/Maildir", flush=True)
    done = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, done.set)
    await done.wait()
    server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=2525)
    parser.add_argument("--directory", required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.host, arguments.port, arguments.directory))


if __name__ == "__main__":
    main()
