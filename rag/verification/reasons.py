"""Messages that explain why a sentence is not fully supported."""

from __future__ import annotations

from collections.abc import Sequence

from rag.locales.message import Message
from rag.verification.claims import Claim


def named(claim: Claim) -> Message:
    """Return a claim with its kind: the year “2019”."""
    return Message.of(f"claim_{claim.kind}", text=claim.text)


def lacking(claims: Sequence[Claim], *, cited: bool) -> Message:
    """Report that claims are in no passage, or in no cited one."""
    code = f"claim{'s' * (len(claims) > 1)}_in_none{'_cited' * cited}"
    return Message.of(code, claims=tuple(map(named, claims)))


def elsewhere(claim: Claim, n: int, rival: str) -> Message:
    """Report that passage n says the claimed value of something else; `rival` is its value here, or ""."""
    if rival:
        return Message.of("claim_rival", claims=named(claim), n=str(n), rival=rival)
    return Message.of("claim_elsewhere", claims=named(claim), n=str(n))


def held(claim: Claim, n: int) -> Message:
    """Report that passage n has the claim."""
    return Message.of("claim_is_in", claims=named(claim), n=str(n))


def joined(reasons: Sequence[Message]) -> Message | None:
    """Combine reasons into one message; None if there are none."""
    if len(reasons) < 2:
        return reasons[0] if reasons else None
    return Message.of("also", first=reasons[0], second=joined(reasons[1:]))


def listed(numbers: Sequence[int]) -> str:
    """Format passage numbers."""
    return ", ".join(map(str, numbers))
