# SPDX-License-Identifier: LGPL-2.1-or-later
"""The real shells, each on a terminal of its own: keys go in, and the line that it edits comes out.

Each reads the installed files the way its users have it do that.
"""

import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import struct
import termios
import threading
import time

SECONDS = 900  # for one answer: only what hangs takes so long
SIZE = (50, 200)  # lines and columns
CLEAR, TAB, ANSWER = b"\x05\x15", b"\t", b"\x1d"  # Ctrl-E and Ctrl-U, Tab, Ctrl-]
BACK = b"\x02"  # Ctrl-B
BASH_COMPLETION = pathlib.Path("/usr/share/bash-completion/bash_completion")


class Shell:
    """What they have in common."""

    command = ()
    quotes = True  # what it puts on the line
    before_value = "="
    rest = r"[^ =]*\Z"  # what of a line gives way to what is completed

    def __init__(self, directory, data, environment):
        """directory: an empty one for its own files; data: where `meson install` put shared files."""
        self.directory, self.data = directory, data
        if not shutil.which(self.command[0]):
            raise FileNotFoundError(f"install {self.command[0]}")
        self.fifo = directory / "answer"
        os.mkfifo(self.fifo)
        self.answers = os.open(self.fifo, os.O_RDWR)
        environment = {**environment, "HOME": str(directory), "TERM": "vt100", "LC_ALL": "C.UTF-8",
                       "ZDOTDIR": str(directory), "XDG_DATA_DIRS": f"{data}:/usr/local/share:/usr/share"}
        self.write_files()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(self.command[0], self.arguments(), environment)
            finally:
                os._exit(127)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        self.screen = b""
        self.reader = threading.Thread(target=self.read_screen)
        self.reader.start()
        self.answer()  # it has begun

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.reader.join()
        os.close(self.terminal)
        os.close(self.answers)

    def read_screen(self):
        """Until no process has the other end: read(2) then fails with EIO."""
        try:
            while part := os.read(self.terminal, 4096):
                self.screen += part
        except OSError:
            pass

    def arguments(self):
        return list(self.command)

    def write_files(self):
        raise NotImplementedError

    def answer(self):
        """What is written next to the FIFO, which ANSWER has the shell do: the line."""
        if not select.select([self.answers], [], [], SECONDS)[0]:
            raise TimeoutError(f"{self.command[0]} does not answer: {self.screen.decode()!r}")
        text = os.read(self.answers, 65536).decode()
        while not text.endswith("\n"):
            text += os.read(self.answers, 65536).decode()
        return text[:-1]

    def line_after(self, *keys):
        os.write(self.terminal, CLEAR + b"".join(keys) + ANSWER)
        return self.answer()

    def completed(self, text, after=""):
        """The line after the Tab key, between text and what is after it."""
        return self.line_after((text + after).encode(), BACK * len(after), TAB)

    def all_words(self, text):
        """All that is offered."""
        line = self.line_after(text.encode(), self.insert_all)
        kept = re.sub(self.rest, "", text)
        words = line[len(kept):].split() if line != text else []
        # zsh repeats the option for each but the first
        return sorted({re.sub(r"^--[a-z-]+=(?=.)", "", word) for word in words})

    def type(self, command):
        os.write(self.terminal, CLEAR + command.encode() + b"\n")

    def shows(self, text, shown):
        """Does the screen show that, after the Tab key?"""
        self.screen = b""
        self.completed(text)
        end = time.monotonic() + SECONDS
        while shown.encode() not in self.screen and time.monotonic() < end:
            time.sleep(0.05)
        return shown.encode() in self.screen


class Bash(Shell):
    """Without bash-completion."""

    command = ("bash", "--noprofile", "-i")
    insert_all = b"\x1b*"  # insert-completions
    quotes = False
    rest = r"[^ =:]*\Z"
    begin = ". '{data}/bash-completion/completions/vfio-variant'"

    def arguments(self):
        return [*self.command[:-1], "--rcfile", str(self.directory / "rc"), self.command[-1]]

    def write_files(self):
        (self.directory / "rc").write_text(f"""
            {self.begin.format(data=self.data)}
            bind -x '"\\C-]": printf "%s\\n" "$READLINE_LINE" >"{self.fifo}"'
            PROMPT_COMMAND='echo >"{self.fifo}"; unset PROMPT_COMMAND'
        """, encoding="utf-8")


class BashCompletion(Bash):
    """With bash-completion, which finds the file by the name of the command."""

    begin = f". {BASH_COMPLETION}"

    def write_files(self):
        if not BASH_COMPLETION.exists():
            raise FileNotFoundError("install bash-completion")
        super().write_files()


class Zsh(Shell):
    command = ("zsh", "-i")
    insert_all = b"\x01"

    def write_files(self):
        (self.directory / ".zshrc").write_text(f"""
            fpath=('{next(self.data.rglob("_vfio-variant")).parent}' $fpath)
            autoload -Uz compinit && compinit -u -d '{self.directory}/dump'
            answer() {{ print -r -- "$BUFFER" >'{self.fifo}' }}
            zle -N answer
            bindkey -e
            bindkey '^]' answer
            zle -C all-matches complete-word _generic
            bindkey '^A' all-matches
            zstyle ':completion:all-matches:*' insert true
            zstyle ':completion:all-matches::::' completer _all_matches _complete
            zle-line-init() {{ print >'{self.fifo}'; zle -D zle-line-init }}
            zle -N zle-line-init
        """, encoding="utf-8")


class Fish(Shell):
    command = ("fish", "-i")
    before_value = " "
    insert_all = b"\x01"

    def write_files(self):
        directory = self.directory / ".config/fish"
        directory.mkdir(parents=True)
        (directory / "config.fish").write_text(f"""
            set fish_greeting
            set fish_handle_reflow 0
            function say_line
                commandline >'{self.fifo}'
            end
            function insert_all
                set -l words (complete -C (commandline -c) | string replace -r '\\t.*' '' | string replace -r '^--[a-z-]+=' '')
                commandline (commandline | string replace -r '[^ =]*$' '')(string join ' ' -- $words)
            end
            function fish_user_key_bindings
                bind \\x1d say_line
                bind \\x01 insert_all
            end
            function begun --on-event fish_prompt
                echo >'{self.fifo}'
                functions -e begun
            end
        """, encoding="utf-8")
