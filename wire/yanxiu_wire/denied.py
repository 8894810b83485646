"""What nats-server denied this process: said in the log and counted, for the client itself only misses an answer."""

from __future__ import annotations

import re
import ssl
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from nats.errors import Error as NatsError

from yanxiu_wire import log
from yanxiu_wire.settings import PREFIX, SettingRefused

_DENIED = re.compile(r'permissions violation for (?P<what>publish|subscription) to "(?P<subject>[^"]*)"', re.IGNORECASE)
_NOT_ADMITTED = "authorization violation"
_WHAT = {"publish": ("publish", "发布"), "subscription": ("subscribe", "订阅")}
_KEPT = 256
# A denial is remembered for so many seconds; then the server may have been told otherwise.
LATELY_SECONDS = 60.0
_log = log.logger()


class NotPermitted(SettingRefused):
    """The server does not admit this credential, or denies it a subject that it cannot do without."""

    def __init__(self, credential: str, subject: str = "") -> None:
        self.credential = credential
        self.subject = subject
        whose = credential or "（无凭据 no key file）"
        zh, en = (
            (f"NATS 不允许凭据 {whose} 使用主题 {subject}", f"NATS denies the credential {whose} the subject {subject}")
            if subject
            else (f"NATS 不接受凭据 {whose}或其证书", f"NATS does not admit the credential {whose} or its certificate")
        )
        super().__init__(
            f"{PREFIX}NATS_NKEY_FILE",
            f"{zh}：请核对该文件，并以同一版本的 yanxiu nats credentials 重写服务器配置后重新载入。"
            f" {en}: check that file, write the server's configuration anew with `yanxiu nats credentials`"
            " of this version, and reload it.",
            "",
        )


class CertificateRefused(SettingRefused):
    """The server's certificate does not come from the authority that this process trusts, or it names another host."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"{PREFIX}NATS_CA",
            f"NATS 服务器的证书不可信：请核对该文件与服务器地址。 The certificate of the NATS server is not trusted: "
            f"check that file and the server's address. ({problem})",
            "",
        )


class Denials:
    """What was denied since the start; `told` takes every error of the client and says whether it was such a one."""

    def __init__(self) -> None:
        self.credential = ""
        self.admitted = True
        self.untrusted = ""
        self.subjects: deque[tuple[str, str]] = deque(maxlen=_KEPT)
        self._at: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._watchers: dict[tuple[str, str], list[Callable[[], None]]] = {}

    def told(self, error: Exception) -> bool:
        """Note and report a denial; False for an error of another kind. While it lasts it is said once."""
        if isinstance(error, ssl.SSLError):
            self.untrusted = error.reason or type(error).__name__
            return False
        if not isinstance(error, NatsError):
            return False
        if _NOT_ADMITTED in str(error).lower():
            if self.admitted:
                self.admitted = False
                self._report("connect", "连接", "")
            return True
        found = _DENIED.search(str(error))
        if found is None:
            return False
        what, zh = _WHAT[found["what"].lower()]
        self._note((what, found["subject"].lower()))
        self._report(what, zh, found["subject"])
        return True

    def _note(self, denied: tuple[str, str]) -> None:
        self.subjects.append(denied)
        self._at[denied] = time.monotonic()
        self._at.move_to_end(denied)
        while len(self._at) > _KEPT:
            self._at.popitem(last=False)
        for tell in tuple(self._watchers.get(denied, ())):
            tell()

    def lately(self, what: str, subject: str) -> bool:
        """Whether this was denied within the last minute."""
        at = self._at.get((what, subject.lower()))
        return at is not None and time.monotonic() - at < LATELY_SECONDS

    def of_late(self, what: str) -> frozenset[str]:
        """Return every subject, in small letters, to which this was denied within the last minute."""
        return frozenset(subject for one, subject in self._at if one == what and self.lately(one, subject))

    def watch(self, what: str, subject: str, tell: Callable[[], None]) -> Callable[[], None]:
        """Have `tell` called when this is denied, for the server denies without an answer; the result ends it."""
        key = (what, subject.lower())
        self._watchers.setdefault(key, []).append(tell)

        def end() -> None:
            left = self._watchers[key]
            left.remove(tell)
            if not left:
                del self._watchers[key]

        return end

    @property
    def hopeless(self) -> bool:
        """Whether trying again is of no use before somebody changes something."""
        return not self.admitted or bool(self.untrusted)

    def reason(self) -> SettingRefused:
        """Why it is."""
        return CertificateRefused(self.untrusted) if self.untrusted else NotPermitted(self.credential)

    def of(self, what: str, subject: str) -> bool:
        """Whether this was denied, lately; the client tells subjects in small letters."""
        return (what, subject.lower()) in self.subjects

    def _report(self, what: str, zh: str, subject: str) -> None:
        # Here, for who only asks needs no Prometheus.
        from yanxiu_wire.denied_metrics import DENIED

        DENIED.add(what)
        _log.error(
            "nats-denied",
            credential=self.credential,
            what=what,
            subject=subject,
            remedy=f"凭据无权{zh}：若非新版本所需，即有人冒用此凭据 / not permitted: unless a new version needs it, "
            "somebody misuses this credential",
        )
